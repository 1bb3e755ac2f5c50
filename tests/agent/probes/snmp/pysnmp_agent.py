"""An agent of pysnmp's with a user for every way of authentication and encryption: the referee of our USM."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context
from pysnmp.proto.rfc1902 import OctetString

from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.message import SnmpVersion

AUTH_PASSWORD, PRIVACY_PASSWORD = b"authpass123", b"privpass456"
AUTH = {
    None: config.USM_AUTH_NONE,
    AuthProtocol.MD5: config.USM_AUTH_HMAC96_MD5,
    AuthProtocol.SHA: config.USM_AUTH_HMAC96_SHA,
    AuthProtocol.SHA224: config.USM_AUTH_HMAC128_SHA224,
    AuthProtocol.SHA256: config.USM_AUTH_HMAC192_SHA256,
    AuthProtocol.SHA384: config.USM_AUTH_HMAC256_SHA384,
    AuthProtocol.SHA512: config.USM_AUTH_HMAC384_SHA512,
}
PRIVACY = {
    None: config.USM_PRIV_NONE,
    PrivacyProtocol.DES: config.USM_PRIV_CBC56_DES,
    PrivacyProtocol.AES128: config.USM_PRIV_CFB128_AES,
    PrivacyProtocol.AES192: config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    PrivacyProtocol.AES256: config.USM_PRIV_CFB256_AES_BLUMENTHAL,
    PrivacyProtocol.AES192C: config.USM_PRIV_CFB192_AES,
    PrivacyProtocol.AES256C: config.USM_PRIV_CFB256_AES,
}
WAYS = [(None, None), *((auth, privacy) for auth in AuthProtocol for privacy in (None, *PrivacyProtocol))]
COMMUNITY = "public"


def user_of(auth: AuthProtocol | None, privacy: PrivacyProtocol | None) -> str:
    return f"u-{auth}-{privacy}"


def credential_of(
    auth: AuthProtocol | None,
    privacy: PrivacyProtocol | None,
    auth_password: bytes = AUTH_PASSWORD,
    privacy_password: bytes = PRIVACY_PASSWORD,
    user: str = "",
) -> SnmpCredential:
    return SnmpCredential(
        "test",
        "here",
        SnmpVersion.V3,
        user=(user or user_of(auth, privacy)).encode(),
        auth=auth,
        auth_password=auth_password,
        privacy=privacy,
        privacy_password=privacy_password,
    )


@asynccontextmanager
async def pysnmp_agent(
    ways: list[tuple[AuthProtocol | None, PrivacyProtocol | None]], engine_id: bytes = b"\x80\0\0\0\5agent"
) -> AsyncIterator[tuple[int, engine.SnmpEngine]]:
    """The port of an agent on 127.0.0.1, and its engine."""
    made = engine.SnmpEngine(OctetString(engine_id))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    transport = udp.UdpTransport().open_server_mode(("127.0.0.1", port))
    config.add_transport(made, udp.DOMAIN_NAME, transport)
    await transport._lport
    config.add_v1_system(made, "community", COMMUNITY)
    config.add_vacm_user(made, 2, "community", "noAuthNoPriv", (1, 3, 6))
    for auth, privacy in ways:
        user = user_of(auth, privacy)
        config.add_v3_user(made, user, AUTH[auth], AUTH_PASSWORD.decode(), PRIVACY[privacy], PRIVACY_PASSWORD.decode())
        level = "noAuthNoPriv" if auth is None else "authNoPriv" if privacy is None else "authPriv"
        config.add_vacm_user(made, 3, user, level, (1, 3, 6))
    about = context.SnmpContext(made)
    responders = [
        each(made, about)
        for each in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder, cmdrsp.BulkCommandResponder)
    ]
    try:
        yield port, made
    finally:
        for responder in responders:
            responder.close(made)
        made.close_dispatcher()
