"""A simulated switch whose answers are made once: quick enough that it does not slow down who asks it.

`python -m benchmarks.snmp_switch` answers with it at UDP port 161 of every address (inside a namespace).
"""

from __future__ import annotations

from agent.lab.devices.objects import Content, SimulatedObject, Syntax
from agent.lab.listeners.snmp_messages import ObjectView, decoded
from agent.probes.snmp import ber
from agent.probes.snmp.message import token_of
from benchmarks.world import answer_everywhere

PORTS = 48
SNMP_PORT = 161
IF_TABLE = [f"1.3.6.1.2.1.2.2.1.{column}" for column in range(1, 23)]
IF_X_TABLE = [f"1.3.6.1.2.1.31.1.1.1.{column}" for column in range(1, 20)]
_MARK = b"\x7f\x7f\x7f\x7f"
_TEXTS = {"1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.18"}
_PHYS_ADDRESS, _ADMIN, _OPER = "1.3.6.1.2.1.2.2.1.6", "1.3.6.1.2.1.2.2.1.7", "1.3.6.1.2.1.2.2.1.8"
_WIDE = {f"1.3.6.1.2.1.31.1.1.1.{column}" for column in range(6, 14)}


def arcs(oid: str) -> tuple[int, ...]:
    return tuple(int(arc) for arc in oid.split("."))


def objects() -> list[SimulatedObject]:
    """The system's scalars, 48 ports with every column of if_mib; all of them as if time stood."""
    scalars: list[tuple[str, Syntax, Content]] = [
        ("1.3.6.1.2.1.1.1.0", Syntax.OCTETS, b"Cisco IOS Software, C2960X Software, Version 15.2(7)E4"),
        ("1.3.6.1.2.1.1.2.0", Syntax.OID, arcs("1.3.6.1.4.1.9.1.1208")),
        ("1.3.6.1.2.1.1.3.0", Syntax.TIME_TICKS, 123456789),
        ("1.3.6.1.2.1.1.5.0", Syntax.OCTETS, b"sw-xa-01"),
        ("1.3.6.1.2.1.2.1.0", Syntax.INTEGER, PORTS),
        ("1.3.6.1.2.1.6.9.0", Syntax.GAUGE32, 12),
        ("1.3.6.1.2.1.7.1.0", Syntax.COUNTER32, 345678),
        ("1.3.6.1.2.1.11.1.0", Syntax.COUNTER32, 4_294_967_295),
    ]
    single = [SimulatedObject(arcs(oid), syntax, content) for oid, syntax, content in scalars]
    rows = [_of_port(oid, port) for oid in (*IF_TABLE, *IF_X_TABLE) for port in range(10_101, 10_101 + PORTS)]
    return sorted((*single, *rows), key=lambda each: each.oid)


def _of_port(column: str, port: int) -> SimulatedObject:
    name = (*arcs(column), port)
    if column in _TEXTS:
        return SimulatedObject(name, Syntax.OCTETS, f"GigabitEthernet1/0/{port % 100}".encode())
    if column == _PHYS_ADDRESS:
        return SimulatedObject(name, Syntax.OCTETS, b"\x00\x1b\x54\xaa\xbb" + bytes([port % 100]))
    if column in (_ADMIN, _OPER):
        return SimulatedObject(name, Syntax.INTEGER, 1)
    if column in _WIDE:
        return SimulatedObject(name, Syntax.COUNTER64, 12_345_678_901 * port)
    return SimulatedObject(name, Syntax.COUNTER32, 1_234_567 + port)


class PreparedSwitch:
    """Each answer is made once, through pysnmp's messages, and given again with the number of the request."""

    def __init__(self) -> None:
        table = objects()
        self._view = ObjectView(lambda: table)
        self._made: dict[bytes, bytes] = {}

    def answer(self, request: bytes) -> bytes:
        """To a message of v1 or v2c, whatever its community."""
        start, _ = ber.expect(request, 0, len(request), ber.SEQUENCE)
        head = request[start : start + 5 + request[start + 4]]  # version and community
        return ber.tlv(ber.SEQUENCE, head + self.pdu(request, token_of(request, len(request))))

    def pdu(self, request: bytes, token: bytes) -> bytes:
        marked = request.replace(token, _MARK, 1)
        made = self._made.get(marked)
        if made is None:
            asked = decoded(marked)
            assert asked is not None
            made = self._made[marked] = self._view.answer(asked) or b""
        return made.replace(_MARK, token, 1)


if __name__ == "__main__":
    answer_everywhere(SNMP_PORT, PreparedSwitch().answer)
