"""A unit as a clerk writes it: by id, by name, with or without its kind and whose office it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.document.names import names_of
from agent.inventory.load import load
from tests.agent.inventory.fakes import REGISTRY

UNITS = [
    ("lap-thach", "Huyện Lập Thạch"), ("xa-dong-ich", "Xã Đồng Ích"), ("tt-lap-thach", "Thị trấn Lập Thạch"),
    ("lien-bao", "Phường Liên Bảo"), ("phuong-1", "Phường 1"), ("xa-tu-du", "Xã Tử Du"), ("p-tu-du", "Phường Tử Du"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("xa-dong-ich", "xa-dong-ich"), ("Đồng Ích", "xa-dong-ich"), ("xã Đồng Ích", "xa-dong-ich"),
        ("XÃ ĐỒNG ÍCH", "xa-dong-ich"), ("UBND xã Đồng Ích", "xa-dong-ich"), ("X. Đồng Ích", "xa-dong-ich"),
        ("Ủy ban nhân dân xã Đồng Ích", "xa-dong-ich"), ("HĐND và UBND xã Đồng Ích", "xa-dong-ich"),
        ("Xã Đồng Ích, huyện Lập Thạch", "xa-dong-ich"), ("Xã Đồng Ích (mới)", "xa-dong-ich"),
        ("P. Liên Bảo", "lien-bao"), ("P.Liên Bảo", "lien-bao"), ("TT Lập Thạch", "tt-lap-thach"),
        ("TT. Lập Thạch", "tt-lap-thach"), ("H. Lập Thạch", "lap-thach"), ("Phường 1", "phuong-1"), ("P1", "P1"),
        ("P. 1", "phuong-1"), ("1", "1"), ("Phường Đồng Ích", "Phường Đồng Ích"), ("Lập Thạch", "Lập Thạch"),
        ("Tử Du", "Tử Du"), ("phường Tử Du", "p-tu-du"), ("", ""),
    ],
)  # fmt: skip
def test_a_unit_as_it_is_written(written: str, meant: str) -> None:
    assert names_of((), UNITS).unit(written) == meant


def test_a_bare_name_that_several_have_is_refused_with_all_of_them(tmp_path: Path) -> None:
    units = ", ".join(f"{{id: {identity}, name: {name}, level: l}}" for identity, name in UNITS)
    (tmp_path / "sansang.yml").write_text(
        "organisation: {name: T}\nlevels: [{id: l, name: {vi: Cấp}}]\nmodules: {ping: {probe: icmp}}\n"
        f"profiles: {{p: [{{id: a, role: uplink, module: ping, address: '{{gateway}}'}}]}}\nunits: [{units}]\n"
        "include: [a.csv]\n",
        encoding="utf-8",
    )
    (tmp_path / "a.csv").write_text("Tên;Đơn vị;Mẫu;Modem\nA;Tử Du;p;192.0.2.1\nB;Đồng Ích;p;192.0.2.2\n", "utf-8")
    with pytest.raises(ConfigError) as refused:
        load(tmp_path / "sansang.yml", REGISTRY, "vi")
    assert [str(fault) for fault in refused.value.faults] == [
        f"{tmp_path}/a.csv:2:2: Đơn vị: 'Tử Du' có thể là nhiều đơn vị, một trong: p-tu-du, xa-tu-du"
    ]
