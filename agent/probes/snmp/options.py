"""Settings of the probe `snmp`."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from agent.model import CheckSettings
from agent.probes.options import STRICT, Port
from agent.probes.resolver import IpFamily
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.text import Text

Repetitions = Annotated[int, Field(ge=1, le=100)]
Retries = Annotated[int, Field(ge=0, le=10)]


@dataclass(frozen=True, slots=True)
class SnmpOptions:
    """Settings of an `snmp` module, and of a check: credential, port and ports are usually the check's.

    credentials: None where their file could not be used. credential: which of them; None where there is only one.
    max_repetitions: how many rows of a column are asked for at once; fewer for a device that cannot. retries: how often
    a request is repeated within a run.
    """

    __pydantic_config__ = STRICT

    credentials: Credentials | None = None
    credential: str | None = None
    udp_port: Port = 161
    max_repetitions: Repetitions = 25
    retries: Retries = 3
    family: IpFamily = IpFamily.PREFER_IP4
    source: ipaddress.IPv4Address | ipaddress.IPv6Address | None = None
    port: str | None = None
    ports: Mapping[str, str] = field(default_factory=dict)

    def chosen(self) -> SnmpCredential | None:
        """The credential to ask with; None where there is none of that name, or several and no name."""
        entries = {} if self.credentials is None else self.credentials.entries
        if self.credential is None:
            return next(iter(entries.values())) if len(entries) == 1 else None
        return entries.get(self.credential)


def with_check(options: SnmpOptions, settings: CheckSettings) -> SnmpOptions | tuple[Text, Text]:
    """The options of one check; nothing of the name is repeated, which may be a community in the wrong place."""
    name = settings.credential if settings.credential is not None else options.credential
    credentials = options.credentials
    if credentials is not None and name is not None:
        if not credentials.entries:
            return _NONE.filled(where=credentials.source), _ADD_ONE
        if name not in credentials.entries:
            return _NO_SUCH.filled(where=credentials.source), _ONE_OF.filled(names=", ".join(credentials.entries))
        credentials = credentials.only(name)
    return replace(
        options,
        credentials=credentials,
        credential=name,
        port=settings.port if settings.port is not None else options.port,
        ports={**options.ports, **settings.ports},
    )


_NO_SUCH = Text("không có mã SNMP này trong {where}", "no such credential in {where}")
_NONE = Text("chưa có mã SNMP nào trong {where}", "there is no credential yet in {where}")
_ADD_ONE = Text(
    'thêm một dòng: commune: {version: 2c, community: "..."}', 'add a line: commune: {version: 2c, community: "..."}'
)
_ONE_OF = Text("một trong: {names}", "one of: {names}")
