"""One credential of SNMP: a community, or a user of SNMPv3 with its protocols and passwords.

Nothing of it is ever shown: not in texts, not in JSON, not in a traceback; as text it is where it was read from.
"""

from __future__ import annotations

from enum import StrEnum

from agent.probes.options import Concealed
from agent.probes.snmp.message import SnmpVersion


class AuthProtocol(StrEnum):
    """How messages are authenticated (RFC 3414, RFC 7860)."""

    MD5 = "md5"
    SHA = "sha"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class PrivacyProtocol(StrEnum):
    """How messages are encrypted (RFC 3414, RFC 3826).

    AES-192 and AES-256 extend the key as draft-blumenthal-aes-usm says, or, with a c, as Cisco and draft-reeder do.
    """

    DES = "des"
    AES128 = "aes128"
    AES192 = "aes192"
    AES256 = "aes256"
    AES192C = "aes192c"
    AES256C = "aes256c"


class SnmpCredential(Concealed):
    """One entry of the file. community: of v1 and v2c; user and what follows: of v3, whose protocols may be None."""

    __slots__ = (
        "_auth_password",
        "_community",
        "_privacy_password",
        "auth",
        "context",
        "name",
        "privacy",
        "user",
        "version",
    )

    def __init__(
        self,
        name: str,
        source: str,
        version: SnmpVersion,
        *,
        community: bytes = b"",
        user: bytes = b"",
        auth: AuthProtocol | None = None,
        auth_password: bytes = b"",
        privacy: PrivacyProtocol | None = None,
        privacy_password: bytes = b"",
        context: bytes = b"",
    ) -> None:
        super().__init__(source)
        self.name = name
        self.version = version
        self._community = community
        self.user = user
        self.auth = auth
        self._auth_password = auth_password
        self.privacy = privacy
        self._privacy_password = privacy_password
        self.context = context

    @property
    def community(self) -> bytes:
        """For the wire only."""
        return self._community

    @property
    def auth_password(self) -> bytes:
        """For the making of keys only."""
        return self._auth_password

    @property
    def privacy_password(self) -> bytes:
        """For the making of keys only."""
        return self._privacy_password

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SnmpCredential) and self._words() == other._words()

    def __hash__(self) -> int:
        return hash((SnmpCredential, self.name, self.source))

    def _words(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)
