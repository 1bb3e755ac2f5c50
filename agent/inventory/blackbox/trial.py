"""A trial of translated modules: those that load, those that need files, and the faults of the others."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.errors import Fault
from agent.inventory.blackbox.module import TranslatedModule
from agent.inventory.blackbox.secret_files import write_secrets
from agent.inventory.document.parts import Registry
from agent.inventory.findings import MAX_FINDINGS, Finding, Step, Trail
from agent.inventory.load import faults_and_unreadable
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_source import YamlSource
from agent.inventory.sources.yaml_writer import modules_as_yaml

_STEP = re.compile(r"\[([0-9]+)\]|([^.\[]+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """Modules tried as if they were written, their secrets in files that last as long as the trial."""

    config: Path
    target: Path
    registry: Registry
    language: str
    secrets: Mapping[Path, str]

    def faults(self, modules: Iterable[TranslatedModule]) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
        """The faults, and the faults of files that the modules need: those concern the module alone."""
        with tempfile.TemporaryDirectory() as folder:
            names = {str(path): f"{folder}/{path.name}" for path in self.secrets}
            write_secrets({Path(names[str(path)]): secret for path, secret in self.secrets.items()})
            text = modules_as_yaml({module.name: _renamed(module.options, names) for module in modules})
            wrong, unread = faults_and_unreadable(
                self.config, self.registry, self.language, Files({self.target: text.encode()})
            )
        back = {temporary: path for path, temporary in names.items()}
        return _with_real_paths(wrong, back), _with_real_paths(unread, back)


def _with_real_paths(faults: Iterable[Fault], names: Mapping[str, str]) -> tuple[Fault, ...]:
    return tuple(dataclasses.replace(fault, wrong=_replaced(fault.wrong, names)) for fault in faults)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The options with some paths in place of others."""
    if isinstance(value, dict):
        return {key: _renamed(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text


Faulty = list[tuple[TranslatedModule, Fault]]


@dataclasses.dataclass(frozen=True, slots=True)
class SortedModules:
    """The modules that load, those of them that want files, the others; beside: what is wrong in other files then."""

    good: list[TranslatedModule]
    wanting: Faulty
    faulty: Faulty
    beside: tuple[Fault, ...]


def sort(modules: Sequence[TranslatedModule], trial: Trial) -> SortedModules:
    """Sort the modules into those that load and those that do not; with more than MAX_FINDINGS faults none loads."""
    good, faulty = list(modules), Faulty()
    while True:
        faults, unread = trial.faults(good)
        bad = _of_modules(faults, good, trial.target)
        if not bad:
            return SortedModules(good, _of_modules(unread, good, trial.target), faulty, faults)
        faulty += bad
        if len(faulty) > MAX_FINDINGS:
            return SortedModules([], [], faulty, ())
        names = {module.name for module, _ in bad}
        good = [module for module in good if module.name not in names]


def _of_modules(faults: Iterable[Fault], modules: Sequence[TranslatedModule], target: Path) -> Faulty:
    """The faults in a module's line, with the module: the first line is ``modules:``, then each has one."""
    return [
        (modules[fault.line - 2], fault)
        for fault in faults
        if fault.file == str(target) and 2 <= fault.line < len(modules) + 2
    ]


def moved(source: YamlSource, module: TranslatedModule, fault: Fault, message: str) -> Finding:
    """A fault of a module, at the place of the blackbox.yml that it came from."""
    rest = fault.path.removeprefix(f"modules.{module.name}")
    steps: list[Step] = [int(index) if index else key for index, key in _STEP.findall(rest)]
    trail: Trail = module.trail
    for length in range(len(steps), 0, -1):
        if (place := module.places.get(tuple(steps[:length]))) is not None:
            trail = (*place, *steps[length:])
            break
    values = {"wrong": fault.wrong, "right": fault.right}
    return Finding(source.place(trail), message, values)
