"""A blackbox.yml to a file beside the configuration: its modules, proposed first."""

from __future__ import annotations

import json
from pathlib import Path

from agent.errors import ConfigError
from agent.explain.environment import environment_language
from agent.inventory.blackbox.module import TranslationNote
from agent.inventory.blackbox.secret_files import SecretFiles
from agent.inventory.blackbox.source import read_blackbox
from agent.inventory.blackbox.translate import translate_modules
from agent.inventory.blackbox.trial import Trial, moved, sort
from agent.inventory.document.parts import Registry
from agent.inventory.document.sections import read_parts
from agent.inventory.findings import Finding, faults_in
from agent.inventory.importing.changes import difference
from agent.inventory.importing.module_rows import module_rows, written_modules
from agent.inventory.importing.proposal import ImportProposal, target_for
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_source import YamlSource
from agent.inventory.sources.yaml_writer import modules_as_yaml


def propose_blackbox(
    config: Path, file: Path, registry: Registry, language: str | None = None, secrets_to: Path | None = None
) -> ImportProposal:
    """Propose the import of the modules of a blackbox.yml.

    Secrets in clear go to files in secrets_to; where no folder is given, their modules are left out. Raises
    ConfigError: a file that cannot be read, no module at all that could be taken over, or an inventory that is wrong
    without those that could not.
    """
    words = language or read_parts(Files(), config, registry).language or environment_language()
    source, findings = _read_blackbox(file)
    if source is None:
        raise ConfigError([finding.fault(words) for finding in findings])
    secrets = SecretFiles(secrets_to.absolute()) if secrets_to is not None else None
    modules, notes = translate_modules(source.data(), secrets, file.absolute().parent)
    target = target_for(config, file, words)
    secret_texts = secrets.contents if secrets is not None else {}
    trials = sort(modules, Trial(config, target, registry, words, secret_texts))
    faulty_trails = {module.trail for module, _ in trials.faulty}
    left_out = [moved(source, module, fault, "blackbox_module") for module, fault in trials.faulty]
    left_out += [_finding(source, note) for note in notes if note.leaves_out]
    if trials.beside:
        raise ConfigError([*faults_in(sorted(left_out, key=_in_order), file, words), *trials.beside])
    findings += [
        _finding(source, note) for note in notes if note.trail[:2] not in faulty_trails and not note.leaves_out
    ]
    findings += [moved(source, module, fault, "blackbox_wants") for module, fault in trials.wanting]
    findings = sorted([*findings, *left_out], key=_in_order)
    if not trials.good:
        raise ConfigError(faults_in(findings, file, words))
    faults = tuple(dict.fromkeys(finding.fault(words) for finding in findings))
    options = {module.name: module.options for module in trials.good}
    text = modules_as_yaml(options)
    changes = difference(module_rows(written_modules(target)), module_rows(options))
    files = {path: secret for path, secret in secret_texts.items() if json.dumps(str(path))[1:-1] in text}
    return ImportProposal({target: text}, {"modules": changes}, words, notes=faults, secrets=files)


def _read_blackbox(file: Path) -> tuple[YamlSource | None, list[Finding]]:
    data = Files().read(file)
    return (None, [data]) if isinstance(data, Finding) else read_blackbox(str(file), data)


def _finding(source: YamlSource, note: TranslationNote) -> Finding:
    return Finding(source.place(note.trail), note.message, note.values)


def _in_order(finding: Finding) -> tuple[int, int]:
    return finding.place.line, finding.place.column
