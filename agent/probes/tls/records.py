"""Records of TLS as far as they can be read from outside (RFC 8446 section 5.1, RFC 5246 section 6.2.1)."""

from __future__ import annotations

_RECORD_HEAD = 5  # type, version, length
_CHANGE_CIPHER_SPEC, _ALERT, _HANDSHAKE, _APPLICATION_DATA = 0x14, 0x15, 0x16, 0x17
_CERTIFICATE, _CLIENT_KEY_EXCHANGE = 11, 16
_SEALED = 1 + 16  # content type and tag of a TLS 1.3 record
_ALERT_BYTES = 2 + _SEALED
_FINISHED_BYTES = (4 + 32 + _SEALED, 4 + 48 + _SEALED)  # message head, and a hash of SHA-256 or SHA-384


def certificate_sent(flight: bytes) -> bool | None:
    """Whether a client's flight, from the start of a record, begins with its certificate, an empty one too.

    It sends one only where the server asked. None for a flight that does not answer the server's hello. In TLS 1.3
    the record is encrypted, and its length tells: a client that was not asked sends its Finished first.
    """
    while flight[:1] == bytes([_CHANGE_CIPHER_SPEC]):
        flight = flight[_RECORD_HEAD + int.from_bytes(flight[3:5], "big") :]
    if len(flight) <= _RECORD_HEAD:
        return None
    if flight[0] == _HANDSHAKE:
        return {_CERTIFICATE: True, _CLIENT_KEY_EXCHANGE: False}.get(flight[_RECORD_HEAD])
    length = int.from_bytes(flight[3:5], "big")
    if flight[0] != _APPLICATION_DATA or length == _ALERT_BYTES:
        return None
    return length not in _FINISHED_BYTES


def looks_like_tls(start: bytes) -> bool:
    """Whether the first bytes of an answer to a ClientHello are a TLS record."""
    return len(start) < 2 or (start[0] in (_HANDSHAKE, _ALERT) and start[1] == 3)  # major version, as in SSL 3.0
