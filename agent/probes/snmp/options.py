"""Settings of the probe `snmp`."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from agent.model import CheckSettings
from agent.probes.options import STRICT, Port, Ratio, Seconds, refused
from agent.probes.resolver import IpFamily
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.object_file import ObjectFileError, own_set, shipped_names, shipped_set, shipped_sets
from agent.probes.snmp.object_set import ObjectSet
from agent.text import Text

Repetitions = Annotated[int, Field(ge=1, le=100)]
Retries = Annotated[int, Field(ge=0, le=10)]
Count = Annotated[float, Field(ge=0)]
_MOST_SETS = 30


class ChosenSet(str):
    """The name of a set in the package, or the path of an own one, as it is written; and the set that was read."""

    __slots__ = ("object_set",)
    object_set: ObjectSet

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ChosenSet) and (str(self), self.object_set) == (str(other), other.object_set)

    def __hash__(self) -> int:
        return hash(str(self))


def _chosen_set(value: object) -> ChosenSet:
    if isinstance(value, ChosenSet):
        return value
    if not isinstance(value, str):
        raise refused(Text("không phải tên tập đối tượng", "no name of an object set"), ", ".join(shipped_names()))
    chosen = ChosenSet(value)
    chosen.object_set = _read_set(value)
    return chosen


def _read_set(written: str) -> ObjectSet:
    if "/" not in written and not written.endswith((".yml", ".yaml")):
        if written in shipped_names():
            return shipped_set(written)
        wrong = Text("không có tập đối tượng này: {name}", "no such object set: {name}").filled(name=written[:64])
        raise refused(wrong, ", ".join((*shipped_names(), "./own.yml")))
    try:
        return own_set(written)
    except ObjectFileError as error:
        raise refused(error.wrong, error.right) from error


def _listed(value: object) -> object:
    """One set may stand without its list."""
    return value if isinstance(value, list | tuple) else (value,)


ObjectSetName = Annotated[ChosenSet, PlainValidator(_chosen_set), WithJsonSchema({"type": "string"})]


@dataclass(frozen=True, slots=True)
class SnmpDegraded:
    """Outside these limits the device counts as degraded; None sets no limit.

    Of any port: errors and discards a second, utilisation and broadcast as shares, flaps an hour, and receive_power in
    dBm at least. Of the device: topology_changes an hour; cpu, memory and load as shares at most; temperature in
    degrees Celsius at most; runtime, charge, rsrp (dBm) and sinr (dB) at least.
    """

    __pydantic_config__ = STRICT

    errors: Count | None = None
    discards: Count | None = None
    utilisation: Ratio | None = None
    broadcast: Ratio | None = None
    flaps: Count | None = None
    receive_power: float | None = None
    topology_changes: Count | None = None
    cpu: Ratio | None = None
    memory: Ratio | None = None
    temperature: float | None = None
    load: Ratio | None = None
    runtime: Seconds | None = None
    charge: Ratio | None = None
    rsrp: float | None = None
    sinr: float | None = None


@dataclass(frozen=True, slots=True)
class SnmpOptions:
    """Settings of an `snmp` module, and of a check: credential, port and ports are usually the check's.

    credentials: None where their file could not be used. credential: which of them; None where there is only one.
    max_repetitions: how many rows of a column are asked for at once; fewer for a device that cannot. retries: how often
    a request is repeated within a run. objects: the sets to ask for; () for those that suit the device.
    """

    __pydantic_config__ = STRICT

    credentials: Credentials | None = None
    credential: str | None = None
    udp_port: Port = 161
    max_repetitions: Repetitions = 25
    retries: Retries = 3
    family: IpFamily = IpFamily.PREFER_IP4
    source: ipaddress.IPv4Address | ipaddress.IPv6Address | None = None
    objects: Annotated[tuple[ObjectSetName, ...], BeforeValidator(_listed), Field(max_length=_MOST_SETS)] = ()
    degraded: SnmpDegraded = SnmpDegraded()
    port: str | None = None
    ports: Mapping[str, str] = field(default_factory=dict)

    def chosen(self) -> SnmpCredential | None:
        """The credential to ask with; None where there is none of that name, or several and no name."""
        entries = {} if self.credentials is None else self.credentials.entries
        if self.credential is None:
            return next(iter(entries.values())) if len(entries) == 1 else None
        return entries.get(self.credential)


def variant(options: SnmpOptions, name: str) -> SnmpOptions | None:
    """The options with one set of the package in place of all others."""
    return replace(options, objects=(_chosen_set(name),)) if name in shipped_names() else None


def with_check(options: SnmpOptions, settings: CheckSettings) -> SnmpOptions | tuple[Text, Text]:
    """The options of one check; nothing of the name is repeated, which may be a community in the wrong place."""
    name = settings.credential if settings.credential is not None else options.credential
    credentials = options.credentials
    if credentials is not None and name is not None:
        if not credentials.entries:
            return _NONE.filled(path=credentials.path), _ADD_ONE
        if name not in credentials.entries:
            return _NO_SUCH.filled(path=credentials.path), _ONE_OF.filled(names=", ".join(credentials.entries))
        credentials = credentials.only(name)
    return replace(
        options,
        credentials=credentials,
        credential=name,
        port=settings.port if settings.port is not None else options.port,
        ports={**options.ports, **settings.ports},
    )


def remarks(options: SnmpOptions) -> tuple[Text, ...]:
    """The sets whose numbers nobody has compared with a MIB or a device, of those that a module may ask for."""
    sets = tuple(chosen.object_set for chosen in options.objects) or shipped_sets()
    names = ", ".join(object_set.name for object_set in sets if not object_set.verified)
    return (_UNVERIFIED.filled(names=names),) if names else ()


_UNVERIFIED = Text(
    "tập đối tượng chưa kiểm chứng với tệp MIB hay thiết bị thật, số liệu có thể sai: {names}",
    "object sets that were compared with no MIB file and no device, whose figures may be wrong: {names}",
)
_NO_SUCH = Text("không có mã SNMP này trong tệp {path}", "no such credential in file {path}")
_NONE = Text("chưa có mã SNMP nào trong tệp {path}", "there is no credential yet in file {path}")
_ADD_ONE = Text(
    'thêm một dòng: commune: {version: 2c, community: "..."}', 'add a line: commune: {version: 2c, community: "..."}'
)
_ONE_OF = Text("một trong: {names}", "one of: {names}")
