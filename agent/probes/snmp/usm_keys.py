"""The keys of a user of SNMPv3: from password to key to that of one engine (RFC 3414 A.2, RFC 7860). Pure.

A password's key costs a hash over 1 MiB and is made once; each engine's own key costs a hash of some octets, but for
AES-192 and AES-256 with Cisco's extension of keys, which hash 1 MiB again for each engine.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol

_REPEATED_BYTES = 1 << 20
_MAC_BYTES = {
    AuthProtocol.MD5: 12,
    AuthProtocol.SHA: 12,
    AuthProtocol.SHA224: 16,
    AuthProtocol.SHA256: 24,
    AuthProtocol.SHA384: 32,
    AuthProtocol.SHA512: 48,
}
_HASHES = {protocol: "sha1" if protocol is AuthProtocol.SHA else str(protocol) for protocol in AuthProtocol}
_KEY_BYTES = {
    PrivacyProtocol.DES: 16,  # the key, and what initialisation vectors are made with
    PrivacyProtocol.AES128: 16,
    PrivacyProtocol.AES192: 24,
    PrivacyProtocol.AES256: 32,
    PrivacyProtocol.AES192C: 24,
    PrivacyProtocol.AES256C: 32,
}
_CISCO = (PrivacyProtocol.AES192C, PrivacyProtocol.AES256C)


class UsmKeys(NamedTuple):
    """What messages to one engine are authenticated and encrypted with. hash_name "": not authenticated."""

    hash_name: str = ""
    mac_bytes: int = 0
    auth_key: bytes = b""
    privacy: PrivacyProtocol | None = None
    privacy_key: bytes = b""

    def __repr__(self) -> str:
        return "<keys>"


def password_key(protocol: AuthProtocol, password: bytes) -> bytes:
    """The hash of the password, repeated up to 1 MiB: some milliseconds, outside the loop."""
    repeated = password * (_REPEATED_BYTES // len(password) + 1)
    return hashlib.new(_HASHES[protocol], repeated[:_REPEATED_BYTES], usedforsecurity=False).digest()


def engine_key(protocol: AuthProtocol, key: bytes, engine_id: bytes) -> bytes:
    """The key of a password as one engine has it."""
    return hashlib.new(_HASHES[protocol], key + engine_id + key, usedforsecurity=False).digest()


def costs_a_loop(auth: AuthProtocol, privacy: PrivacyProtocol | None) -> bool:
    """Whether each engine's key costs a hash over 1 MiB, and so has to be made outside the loop."""
    return privacy in _CISCO and hashlib.new(_HASHES[auth], usedforsecurity=False).digest_size < _KEY_BYTES[privacy]


def engine_keys(
    auth: AuthProtocol, auth_key: bytes, privacy: PrivacyProtocol | None, privacy_key: bytes, engine_id: bytes
) -> UsmKeys:
    """The keys for one engine, from those of the passwords."""
    own = b"" if privacy is None else _extended(auth, privacy, engine_key(auth, privacy_key, engine_id), engine_id)
    return UsmKeys(_HASHES[auth], _MAC_BYTES[auth], engine_key(auth, auth_key, engine_id), privacy, own)


def _extended(auth: AuthProtocol, privacy: PrivacyProtocol, key: bytes, engine_id: bytes) -> bytes:
    """As long as the cipher wants it: draft-blumenthal-aes-usm-04 3.1.2.1, or draft-reeder-snmpv3-usm-3desede 2.1."""
    while len(key) < _KEY_BYTES[privacy]:
        if privacy in _CISCO:
            key += engine_key(auth, password_key(auth, key), engine_id)
        else:
            key += hashlib.new(_HASHES[auth], key, usedforsecurity=False).digest()
    return key[: _KEY_BYTES[privacy]]
