"""The stored form of an inventory: ledgers name it by its hash, so its bytes stay what they were."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from agent.inventory.load import load
from agent.probes.registry import PROBES

MAIN = """
organisation: {name: Xã thử, observer: agent-1, observer_was: [old]}
levels: [{id: district, name: {vi: Huyện}}, {id: commune, name: {vi: Xã, en: Commune}}]
units: [{id: h, name: Huyện H, level: district}, {id: xa-a, name: Xã A, level: commune, parent: h, code: "01234"}]
modules: {ping: {probe: icmp, packets: 3, interval: 30s}, web: {probe: http, bearer: {env: TOKEN}, status: [2xx]}}
profiles: {office: [{id: gateway, role: uplink, module: ping, address: "{gateway}"}]}
contacts: [{id: it, name: A, phone: "0900000001"}]
sites:
  - {id: a, name: UBND xã A, unit: xa-a, profile: office, gateway: 192.0.2.1, contact: it, slo: "99,5",
     location: "21.4; 105.4"}
targets:
  - {id: a/web, role: portal, module: web, address: "https://portal.example/", calendar: desk-2, parents: [gateway]}
paths: [{id: p, module: ping, anchors: [192.0.2.8, 192.0.2.9]}]
calendars:
  desk-2:
    zone: Europe/Berlin
    holidays: none
    seasons:
      - {from: "04-15", to: "10-15", hours: {mon-fri: ["07:00-11:30", "13:30-17:00"], sat: []}}
      - {from: "10-16", to: "04-14", hours: {mon-sun: ["00:00-24:00"]}}
"""


def test_the_bytes_in_the_ledger_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the options of probes, which grow, and the holidays, which come from a library."""
    monkeypatch.setenv("TOKEN", "x")
    (tmp_path / "sansang.yml").write_text(MAIN, encoding="utf-8")
    document = json.loads(load(tmp_path / "sansang.yml", PROBES, "en").content)
    for calendar in document["calendars"].values():
        calendar.pop("holidays", None)
        calendar.pop("working_days", None)
    for module in document["modules"].values():
        del module["options"]
    stable = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(stable).hexdigest() == "fefdc3978d989e1bc8b73bb8571c4bb9aa269f0486b5c272dd0266f432fe1959"


def test_changes_of_units_are_part_of_what_the_ledger_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what they say; and an inventory without any has the bytes that it had before there was such a section."""
    monkeypatch.setenv("TOKEN", "x")
    main = tmp_path / "sansang.yml"
    main.write_text(MAIN, encoding="utf-8")
    before = load(main, PROBES, "en")
    change = "kind: rename, date: 2025-07-01, document: NQ 1, unit: xa-a, name: Xã A, old_name: B"
    main.write_text(f"{MAIN}\nunit_changes: [{{{change}}}]", encoding="utf-8")
    after = load(main, PROBES, "en")

    assert b"unit_changes" not in before.content
    assert json.loads(after.content)["unit_changes"] == [
        {"kind": "rename", "date": "2025-07-01", "document": "NQ 1", "unit": "xa-a", "name": "Xã A", "old_name": "B"}
    ]
