"""The servers to probe: nginx on every 127.x address, a SIP and a DNS responder, and addresses that swallow everything.

Everything lives in a network namespace of its own (`python -m benchmarks.world` is started inside it by run.py).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.h323 import H323Point
from agent.lab.listeners.sip import SipRoom

DEAD_NET, REFUSING_NET, FLAPPING_NET = "127.250.0.0/16", "127.251.0.0/16", "127.252.0.0/16"
FLAP_SECONDS = 100
SIP_PORT = 5060
DNS_PORT = 53
SLOW_PORT = 8081
FLAP_PORT = 8082
SIP_TCP_PORT, SIP_TLS_PORT = 5070, 5071
DNS_TCP_PORT, DNS_TLS_PORT = 5300, 5301
H323_PORT = 1720
IP_PKTINFO = 8

NGINX = """
worker_processes 1; daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log;
worker_rlimit_nofile 60000;
events {{ worker_connections 20000; multi_accept on; }}
http {{ access_log off; root {dir}/www; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p;
  fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  ssl_session_tickets off; ssl_session_cache off;
  ssl_protocols TLSv1.2 TLSv1.3;
  server {{ listen 0.0.0.0:80 backlog=8192; }}
  server {{ listen 0.0.0.0:443 ssl backlog=8192;
    ssl_certificate {dir}/good.pem; ssl_certificate_key {dir}/good.key; }} }}
"""


def isolate() -> None:
    """Loopback up; one net of it is swallowed on the way in, silent as a dead commune is, one refuses everything."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    hook = "type filter hook input priority 0;"
    refusing = f"ip daddr {REFUSING_NET}"
    rules = f"""table inet bench {{ chain flapping {{ }}; chain in {{ {hook} ip daddr {DEAD_NET} drop;
      {refusing} meta l4proto tcp reject with tcp reset; {refusing} reject with icmp port-unreachable;
      jump flapping; }}; }}"""
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
    subprocess.run(["sysctl", "-qw", "net.ipv4.ip_local_port_range=10240 65000"], check=True)


def nginx(directory: Path) -> subprocess.Popen[bytes]:
    """One page over HTTP and HTTPS on every address of 127.0.0.0/8."""
    (directory / "www").mkdir(parents=True)
    (directory / "www/index.html").write_text("<html><body>Đăng nhập" + " trang nhỏ" * 50 + "</body></html>", "utf-8")
    certify(directory)
    (directory / "nginx.conf").write_text(NGINX.format(dir=directory))
    return subprocess.Popen(["nginx", "-c", str(directory / "nginx.conf")])


def certify(directory: Path) -> None:
    """A certificate for bench.test (good.pem, good.key) below an authority (ca.pem): a chain of two."""
    make = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-x509", "-days", "30"]
    sign = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:bench.test"]
    authority = ["-subj", "/CN=Bench CA", "-keyout", "ca.key", "-out", "ca.pem"]
    server = ["-subj", "/CN=bench.test", "-keyout", "good.key", "-out", "good.pem"]
    for more in (authority, [*server, *sign, "-addext", "basicConstraints=CA:FALSE"]):
        subprocess.run(["openssl", *make, *more], check=True, capture_output=True, cwd=directory)


def come_and_go() -> None:
    """A net that answers for 100 s and is silent for 100 s."""
    for change in cycle(
        (f"add rule inet bench flapping ip daddr {FLAPPING_NET} drop", "flush chain inet bench flapping")
    ):
        time.sleep(FLAP_SECONDS)
        subprocess.run(["nft", change], check=True)


def sip() -> None:
    """Answers every OPTIONS with 200, from the address it was sent to."""

    def ok(request: bytes) -> bytes:
        wanted = (b"via:", b"from:", b"to:", b"call-id:", b"cseq:")
        lines = [line for line in request.split(b"\r\n") if line.lower().startswith(wanted)]
        lines = [line + b";tag=room" if line.lower().startswith(b"to:") else line for line in lines]
        return b"\r\n".join([b"SIP/2.0 200 OK", *lines, b"Content-Length: 0", b"", b""])

    answer_everywhere(SIP_PORT, ok)


def dns() -> None:
    """Answers every query with one address record."""
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x50"

    def found(query: bytes) -> bytes:
        question = query[12 : query.index(b"\0", 12) + 5]
        return query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + record

    answer_everywhere(DNS_PORT, found)


def answer_everywhere(port: int, answer: Callable[[bytes], bytes]) -> None:
    """A UDP service that answers from the address it was asked at."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    sock.bind(("0.0.0.0", port))
    while True:
        request, ancillary, _, peer = sock.recvmsg(4096, 64)
        info = b"\0\0\0\0" + ancillary[0][2][8:12] + b"\0\0\0\0"
        sock.sendmsg([answer(request)], [(socket.IPPROTO_IP, IP_PKTINFO, info)], 0, peer)


def slow() -> None:
    """HTTP that answers after 1.5 s."""
    server = socket.create_server(("0.0.0.0", SLOW_PORT), backlog=1024)

    def answer(peer: socket.socket) -> None:
        with peer:
            peer.settimeout(5)
            try:
                peer.recv(4096)
                time.sleep(1.5)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                pass

    while True:
        threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()


def flap() -> None:
    """A TCP port that is open for FLAP_SECONDS and refused for as long."""
    while True:
        with socket.create_server(("0.0.0.0", FLAP_PORT), backlog=1024) as server:
            server.settimeout(1)
            until = time.monotonic() + FLAP_SECONDS
            while time.monotonic() < until:
                try:
                    server.accept()[0].close()
                except TimeoutError:
                    continue
        time.sleep(FLAP_SECONDS)


def streams(directory: Path) -> None:
    """The lab's rooms and name servers over TCP and TLS, and its H.323 points, at every address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "good.pem", directory / "good.key")

    async def serve() -> None:
        await SipRoom(context).open("0.0.0.0", SIP_TCP_PORT)
        await DnsListener().open("0.0.0.0", DNS_TCP_PORT)
        await DnsListener(tls=context).open("0.0.0.0", DNS_TLS_PORT)
        await H323Point().open("0.0.0.0", H323_PORT)
        await asyncio.Event().wait()

    asyncio.run(serve())


def main() -> None:
    """Serve until ended; the first argument is a folder of our own."""
    directory = Path(sys.argv[1])
    isolate()
    web = nginx(directory)
    for server in (sip, dns, slow, flap, come_and_go, lambda: streams(directory)):
        threading.Thread(target=server, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()  # until whoever started us goes away
    web.terminate()
    web.wait()


if __name__ == "__main__":
    main()
