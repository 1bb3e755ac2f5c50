"""What a notification of a device is (RFC 3416 section 4.2.6): only whether it is worth a probe. Pure.

Answers to InformRequests are not sent: the device repeats them, which does no harm.
"""

from __future__ import annotations

import hmac

from agent.model import TrapResult
from agent.probes.snmp import ber, usm
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.client import SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.message import Pdu, PduType, SnmpVersion, read_community_message
from agent.probes.snmp.options import SnmpOptions
from agent.probes.snmp.security import PasswordKeys
from agent.probes.snmp.usm import UsmMessage
from agent.probes.snmp.values import encode_oid

_SNMP_TRAP_OID = encode_oid("1.3.6.1.6.3.1.1.4.1.0")
_WORTH_A_PROBE = tuple(
    encode_oid(oid)
    for oid in (
        "1.3.6.1.6.3.1.1.5.1",  # coldStart (RFC 3418)
        "1.3.6.1.6.3.1.1.5.2",  # warmStart
        "1.3.6.1.6.3.1.1.5.3",  # linkDown (RFC 2863)
        "1.3.6.1.6.3.1.1.5.4",  # linkUp
        "1.3.6.1.2.1.33.2",  # UPS-MIB: on battery, test completed, alarm entry added and removed (RFC 1628)
        "1.3.6.1.4.1.318.0",  # PowerNet-MIB: APC's own
    )
)
_NOTIFICATIONS = (PduType.TRAP, PduType.INFORM)


def read_trap(options: SnmpOptions, shared: SnmpShared, datagram: bytes) -> TrapResult:
    """What became of a datagram from the address of a target with these options."""
    credential = options.chosen()
    if credential is None:
        return TrapResult.UNAUTHENTICATED
    try:
        pdu = _authentic_pdu(credential, shared.keys, datagram)
    except BerError:
        return TrapResult.MALFORMED
    if pdu is None:
        return TrapResult.UNAUTHENTICATED
    return TrapResult.ACCEPTED if _is_worth_a_probe(pdu) else TrapResult.IGNORED


def _authentic_pdu(credential: SnmpCredential, passwords: PasswordKeys, datagram: bytes) -> Pdu | None:
    """The PDU, if it comes in the name of the credential. A device that is asked by v3 is heard by v3 alone."""
    at, end = ber.expect(datagram, 0, len(datagram), ber.SEQUENCE)
    version, _ = ber.expect_integer(datagram, at, end)
    if (version == SnmpVersion.V3) is not (credential.version is SnmpVersion.V3):
        return None
    if version == SnmpVersion.V3:
        return _pdu_of_user(credential, passwords, usm.read_usm_message(datagram))
    message = read_community_message(datagram)
    return message.pdu if hmac.compare_digest(message.community, credential.community) else None


def _pdu_of_user(credential: SnmpCredential, passwords: PasswordKeys, message: UsmMessage) -> Pdu | None:
    """As secure as the user is, no less. Whether it is a replay is not looked at: that would cost one probe."""
    if message.user != credential.user:
        return None
    keys = passwords.ready_for_engine(credential, message.engine_id)
    if keys is None or message.is_authenticated != bool(keys.hash_name):
        return None
    if message.is_encrypted != (keys.privacy is not None):
        return None
    if message.is_authenticated and not usm.is_authentic(message, keys):
        return None
    return usm.read_scoped_pdu(message, keys)


def _is_worth_a_probe(pdu: Pdu) -> bool:
    if pdu.kind not in _NOTIFICATIONS:
        return False
    return any(
        name == _SNMP_TRAP_OID and isinstance(value.content, bytes) and value.content.startswith(_WORTH_A_PROBE)
        for name, value in pdu.varbinds
    )
