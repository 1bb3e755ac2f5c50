"""Which modules of a blackbox.yml load as they were taken over, and why each other does not."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.errors import ConfigError, Fault
from agent.inventory.blackbox_made import Made
from agent.inventory.blackbox_secrets import write_secrets
from agent.inventory.changes import modules_as_yaml
from agent.inventory.files import Files
from agent.inventory.findings import Finding, Step, Trail
from agent.inventory.load import faults_of
from agent.inventory.parts import Registry
from agent.inventory.yaml_source import YamlSource

_STEP = re.compile(r"\[([0-9]+)\]|([^.\[]+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """Modules tried as if they were written, their secrets in files that last as long as the trial."""

    config: Path
    target: Path
    registry: Registry
    language: str
    secrets: Mapping[Path, str]

    def faults(self, modules: Iterable[Made]) -> tuple[Fault, ...]:
        with tempfile.TemporaryDirectory() as folder:
            names = {str(path): f"{folder}/{path.name}" for path in self.secrets}
            write_secrets({Path(names[str(path)]): secret for path, secret in self.secrets.items()})
            text = modules_as_yaml({made.name: _renamed(made.options, names) for made in modules})
            found = faults_of(self.config, self.registry, self.language, Files({self.target: text.encode()}))
        back = {there: path for path, there in names.items()}
        return tuple(dataclasses.replace(fault, wrong=_replaced(fault.wrong, back)) for fault in found)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The options with some paths in place of others."""
    if isinstance(value, dict):
        return {key: _renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def sound(modules: Sequence[Made], trial: Trial) -> tuple[list[Made], list[tuple[Made, Fault]]]:
    """The modules that load, and the others with what is wrong. Raises ConfigError for what is no module's fault."""
    good, faulty = list(modules), list[tuple[Made, Fault]]()
    while faults := trial.faults(good):
        bad = [(good[fault.line - 2], fault) for fault in faults if _of_module(fault, trial.target, len(good))]
        if not bad:
            raise ConfigError(faults)
        faulty += bad
        names = {made.name for made, _ in bad}
        good = [made for made in good if made.name not in names]
    return good, faulty


def _of_module(fault: Fault, target: Path, count: int) -> bool:
    """Whether it stands in a module's line: the first line is ``modules:``, then each has one."""
    return fault.file == str(target) and 2 <= fault.line < count + 2


def moved(source: YamlSource, made: Made, fault: Fault) -> Finding:
    """A fault of a module, at the place of the blackbox.yml that it came from."""
    rest = fault.path.removeprefix(f"modules.{made.name}")
    steps: list[Step] = [int(index) if index else key for index, key in _STEP.findall(rest)]
    trail: Trail = made.trail
    for length in range(len(steps), 0, -1):
        if (place := made.places.get(tuple(steps[:length]))) is not None:
            trail = (*place, *steps[length:])
            break
    said = {"wrong": fault.wrong, "right": fault.right}
    return Finding(source.place(trail), "blackbox_module", said)
