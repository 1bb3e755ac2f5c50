"""A TLS server that floods below the application: records that a client must read and that say nothing to it.

The handshake is OpenSSL's; then the records are written here, from the traffic secrets that the server logs
(SSLKEYLOGFILE), so that each message may come as often as wanted. `python -m tests.agent.probes.tls.floods KIND PORT
CERTIFICATE.pem` serves one kind to whoever comes.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import socket
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23  # RFC 8446 section 5.1
_HELLO_REQUEST, _NEW_SESSION_TICKET, _CERTIFICATE_REQUEST, _KEY_UPDATE = 0, 4, 13, 24
_BATCH_BYTES = 64 * 1024
_NO_RENEGOTIATION_ALERT = b"\x01\x64"  # a warning


class Records13:
    """What a TLS 1.3 server writes from its first application record on (RFC 8446 sections 5.2, 7.2, 7.3)."""

    def __init__(self, secret: bytes, cipher: str) -> None:
        self._hash, self._key_bytes = ("sha384", 32) if cipher.endswith("SHA384") else ("sha256", 16)
        self._take(secret)

    def _take(self, secret: bytes) -> None:
        self._secret, self._sequence = secret, 0
        self._aead = AESGCM(self._expand(b"key", self._key_bytes))
        self._iv = int.from_bytes(self._expand(b"iv", 12), "big")

    def _expand(self, label: bytes, length: int) -> bytes:
        """HKDF-Expand-Label of one block."""
        info = length.to_bytes(2, "big") + bytes([6 + len(label)]) + b"tls13 " + label + b"\0"
        return hmac.digest(self._secret, info + b"\x01", self._hash)[:length]

    def record(self, kind: int, content: bytes) -> bytes:
        head = bytes([DATA, 3, 3]) + (len(content) + 17).to_bytes(2, "big")
        nonce = (self._iv ^ self._sequence).to_bytes(12, "big")
        self._sequence += 1
        return head + self._aead.encrypt(nonce, content + bytes([kind]), head)

    def key_update(self, *, requested: bool) -> bytes:
        record = self.record(HANDSHAKE, _message(_KEY_UPDATE, bytes([requested])))
        self._take(self._expand(b"traffic upd", hashlib.new(self._hash).digest_size))
        return record


class Records12:
    """What a TLS 1.2 server with AES-256-GCM and SHA-384 writes after its Finished (RFC 5246, 5288)."""

    def __init__(self, master: bytes, client_random: bytes, server_random: bytes) -> None:
        block = _prf(master, b"key expansion" + server_random + client_random, 72)
        self._aead, self._salt, self._sequence = AESGCM(block[32:64]), block[68:72], 1

    def record(self, kind: int, content: bytes) -> bytes:
        sequence = self._sequence.to_bytes(8, "big")
        self._sequence += 1
        covered = sequence + bytes([kind, 3, 3]) + len(content).to_bytes(2, "big")
        sealed = sequence + self._aead.encrypt(self._salt + sequence, content, covered)
        return bytes([kind, 3, 3]) + len(sealed).to_bytes(2, "big") + sealed


def _prf(secret: bytes, seed: bytes, length: int) -> bytes:
    made, link = b"", seed
    while len(made) < length:
        link = hmac.digest(secret, link, "sha384")
        made += hmac.digest(secret, link + seed, "sha384")
    return made[:length]


def _message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def _ticket(size: int = 1) -> bytes:
    """A NewSessionTicket, as small as it may be or with a ticket of that size."""
    return _message(_NEW_SESSION_TICKET, bytes(9) + size.to_bytes(2, "big") + b"t" * size + bytes(2))


def _clear(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(content).to_bytes(2, "big") + content


@dataclass(frozen=True)
class Flood:
    """One kind: either messages after the handshake, by the records of its TLS version, or bytes in its place."""

    after: Callable[[Records13], bytes] | None = None
    after_12: Callable[[Records12], bytes] | None = None
    instead: bytes = b""
    begins: bytes = b""  # of `instead`, once

    @property
    def version(self) -> ssl.TLSVersion:
        return ssl.TLSVersion.TLSv1_2 if self.after_12 else ssl.TLSVersion.TLSv1_3


def _instead(kind: int, content: bytes, begins: bytes = b"") -> Flood:
    return Flood(instead=_clear(kind, content), begins=begins and _clear(HANDSHAKE, begins))


_HELLO_OF_64_KIB, _CERTIFICATE_OF_16_MIB = bytes([2, 0, 0xFF, 0xFF, 3, 3]), bytes([11, 0xFF, 0xFF, 0xFF])
AFTER = {
    "key updates": Flood(lambda to: to.key_update(requested=False)),
    "key updates that want one back": Flood(lambda to: to.key_update(requested=True)),
    "tickets": Flood(lambda to: to.record(HANDSHAKE, _ticket())),
    "tickets in one record": Flood(lambda to: to.record(HANDSHAKE, _ticket() * 700)),
    "large tickets": Flood(lambda to: to.record(HANDSHAKE, _ticket(16_000))),
    "empty records": Flood(lambda to: to.record(DATA, b"")),
    "certificate requests": Flood(lambda to: to.record(HANDSHAKE, _message(_CERTIFICATE_REQUEST, b"\0\0\0"))),
    "alerts": Flood(lambda to: to.record(ALERT, _NO_RENEGOTIATION_ALERT)),
    "change cipher specs": Flood(lambda _: _clear(CHANGE_CIPHER_SPEC, b"\x01")),
    "one byte a record": Flood(lambda to: to.record(DATA, b"x")),
    "hello requests (1.2)": Flood(after_12=lambda to: to.record(HANDSHAKE, _message(_HELLO_REQUEST, b""))),
    "empty records (1.2)": Flood(after_12=lambda to: to.record(DATA, b"")),
    "alerts (1.2)": Flood(after_12=lambda to: to.record(ALERT, _NO_RENEGOTIATION_ALERT)),
    "one byte a record (1.2)": Flood(after_12=lambda to: to.record(DATA, b"x")),
}
INSTEAD = {
    "hello requests at once": _instead(HANDSHAKE, _message(_HELLO_REQUEST, b"") * 4000),
    "change cipher specs at once": _instead(CHANGE_CIPHER_SPEC, b"\x01"),
    "alerts at once": _instead(ALERT, _NO_RENEGOTIATION_ALERT),
    "empty records at once": _instead(HANDSHAKE, b""),
    "a long hello in records of one byte": _instead(HANDSHAKE, b"\0", _HELLO_OF_64_KIB),
    "a message of 16 MiB": _instead(HANDSHAKE, bytes(16_000), _CERTIFICATE_OF_16_MIB),
}
FLOODS = AFTER | INSTEAD

Answer = Callable[[bytes], bytes]
"""What an honest server says to a request."""


@dataclass
class Served:
    """port, and how many bytes of the flood the kernel took, over all connections."""

    port: int
    sent: int = 0


@dataclass(frozen=True)
class Behaviour:
    """After `count` messages of the flood (None: no end) it answers the request, as an honest server does.

    certificate: PEM file of chain and key. record_bytes: of the answer, in one record.
    """

    flood: Flood
    certificate: str
    count: int | None = None
    answer: Answer | None = None
    record_bytes: int = 16_000


@contextmanager
def flooding(behaviour: Behaviour) -> Iterator[Served]:
    """A server on 127.0.0.1 that does so with each who comes."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    served = Served(listening.getsockname()[1])

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listening.accept()
                serving = threading.Thread(target=_serve, args=(sock, behaviour, served))
                serving.start()
                threads.append(serving)

    threads = [threading.Thread(target=accept)]
    threads[0].start()
    try:
        yield served
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in threads:
            thread.join()


def _serve(sock: socket.socket, behaviour: Behaviour, served: Served) -> None:
    flood, answer = behaviour.flood, behaviour.answer
    with sock, contextlib.suppress(OSError):
        sock.settimeout(20)
        if flood.instead:
            sock.recv(4096)
            _pour(sock, lambda: flood.instead, None, served, flood.begins)
            return
        visit = _Visit(sock, behaviour.certificate, flood.version)
        request = visit.request() if answer is not None else b""
        records = visit.records()
        if isinstance(records, Records13) and flood.after is not None:
            _pour(sock, partial(flood.after, records), behaviour.count, served)
        elif isinstance(records, Records12) and flood.after_12 is not None:
            _pour(sock, partial(flood.after_12, records), behaviour.count, served)
        if answer is not None:
            whole = answer(request)
            for at in range(0, len(whole), behaviour.record_bytes):
                sock.sendall(records.record(DATA, whole[at : at + behaviour.record_bytes]))
            while sock.recv(4096):
                pass


def _pour(
    sock: socket.socket, unit: Callable[[], bytes], count: int | None, served: Served, begins: bytes = b""
) -> None:
    batch, left = bytearray(begins), count
    while left is None or left:
        batch += unit()
        left = None if left is None else left - 1
        if len(batch) > _BATCH_BYTES:
            sock.sendall(batch)
            served.sent += len(batch)
            batch.clear()
    sock.sendall(batch)
    served.sent += len(batch)


class _Visit:
    """One connection: its handshake, and the keys to go on with."""

    def __init__(self, sock: socket.socket, certificate: str, version: ssl.TLSVersion) -> None:
        self._sock, self._in, self._out = sock, ssl.MemoryBIO(), ssl.MemoryBIO()
        self._came, self._went = bytearray(), bytearray()
        with tempfile.NamedTemporaryFile() as log:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = context.maximum_version = version
            context.num_tickets = 0  # the first record is ours to write
            context.set_ciphers("ECDHE+AES256+AESGCM")
            context.load_cert_chain(certificate)
            context.keylog_filename = log.name
            self._tls = context.wrap_bio(self._in, self._out, server_side=True)
            self._step(self._tls.do_handshake)
            self._log = Path(log.name).read_text()

    def _step(self, call: Callable[[], bytes | None]) -> bytes:
        while True:
            try:
                done = call() or b""
            except ssl.SSLWantReadError:
                done = None
            went = self._out.read()
            self._went += went
            self._sock.sendall(went)
            if done is not None:
                return done
            came = self._sock.recv(65_536)
            if not came:
                raise ConnectionResetError
            self._came += came
            self._in.write(came)

    def request(self) -> bytes:
        """What the client says first."""
        return self._step(lambda: self._tls.read(4096))

    def records(self) -> Records13 | Records12:
        secrets = {line.split()[0]: bytes.fromhex(line.split()[2]) for line in self._log.splitlines() if line[0] != "#"}
        name, _, _ = self._tls.cipher() or ("", "", 0)
        if "SERVER_TRAFFIC_SECRET_0" in secrets:
            return Records13(secrets["SERVER_TRAFFIC_SECRET_0"], name)
        return Records12(secrets["CLIENT_RANDOM"], bytes(self._came[11:43]), bytes(self._went[11:43]))


def main() -> None:
    kind, port, certificate = sys.argv[1:]
    behaviour, served = Behaviour(FLOODS[kind], certificate), Served(int(port))
    with socket.create_server(("127.0.0.1", served.port), backlog=64) as listening:
        while True:
            sock, _ = listening.accept()
            threading.Thread(target=_serve, args=(sock, behaviour, served), daemon=True).start()


if __name__ == "__main__":
    main()
