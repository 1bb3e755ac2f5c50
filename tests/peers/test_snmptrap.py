"""Net-SNMP's snmptrap sends what we hear: by community, and as a user of SNMPv3 with each kind of key."""

from __future__ import annotations

import socket
import subprocess
import tempfile

import pytest

from agent.clock import SystemClock
from agent.model import TrapResult
from agent.probes.snmp.client import SnmpShared
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.options import SnmpOptions
from agent.probes.snmp.trap import read_trap
from tests.agent.probes.snmp.pysnmp_agent import credential_of

pytestmark = pytest.mark.peers

LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
ENGINE_ID = "0x8000000001020304"
WAYS = [
    (AuthProtocol.MD5, PrivacyProtocol.DES, "MD5", "DES"),
    (AuthProtocol.SHA, PrivacyProtocol.AES128, "SHA", "AES"),
    (AuthProtocol.SHA256, PrivacyProtocol.AES256, "SHA-256", "AES-256"),
    (AuthProtocol.SHA512, None, "SHA-512", ""),
]


def options(credential: SnmpCredential) -> SnmpOptions:
    return SnmpOptions(Credentials("here", {credential.name: credential}))


def sent(*arguments: str) -> bytes:
    """The datagram that snmptrap sends when it is called so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        address = f"127.0.0.1:{receiver.getsockname()[1]}"
        with tempfile.TemporaryDirectory() as folder:
            environment = {"MIBS": "", "PATH": "/usr/bin", "SNMP_PERSISTENT_DIR": folder}
            subprocess.run(["snmptrap", *arguments, address, "", LINK_DOWN], env=environment, check=True)
        return receiver.recv(2000)


def test_by_community() -> None:
    shared = SnmpShared(SystemClock())
    credential = SnmpCredential("c", "here", SnmpVersion.V2C, community=b"commune")

    assert read_trap(options(credential), shared, sent("-v2c", "-c", "commune")) is TrapResult.ACCEPTED
    assert read_trap(options(credential), shared, sent("-v2c", "-c", "public")) is TrapResult.UNAUTHENTICATED


@pytest.mark.parametrize(("auth", "privacy", "auth_word", "privacy_word"), WAYS)
async def test_as_a_user(
    auth: AuthProtocol, privacy: PrivacyProtocol | None, auth_word: str, privacy_word: str
) -> None:
    shared, credential = SnmpShared(SystemClock()), credential_of(auth, privacy)
    words = ["-v3", "-e", ENGINE_ID, "-u", credential.user.decode(), "-a", auth_word]
    words += ["-A", credential.auth_password.decode(), "-l", "authPriv" if privacy else "authNoPriv"]
    words += ["-x", privacy_word, "-X", credential.privacy_password.decode()] if privacy else []
    datagram = sent(*words)

    assert read_trap(options(credential), shared, datagram) is TrapResult.UNAUTHENTICATED  # no key is made yet
    await shared.keys.for_engine(credential, b"another engine")
    assert read_trap(options(credential), shared, datagram) is TrapResult.ACCEPTED
    forged = datagram[:-1] + bytes((datagram[-1] ^ 1,))
    assert read_trap(options(credential), shared, forged) is TrapResult.UNAUTHENTICATED
    stranger = credential_of(auth, privacy, user="nobody")
    await shared.keys.for_engine(stranger, b"another engine")
    assert read_trap(options(stranger), shared, datagram) is TrapResult.UNAUTHENTICATED
