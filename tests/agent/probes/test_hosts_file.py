"""What /etc/hosts says of a name."""

from __future__ import annotations

import socket

import pytest

from agent.probes.hosts_file import addresses_in

TEXT = """# 192.0.2.1 commented.example
127.0.0.1\tlocalhost
192.0.2.7   Portal.Example portal  # 192.0.2.8 later.example
2001:db8::7 portal.example
nothing portal.example
192.0.2.9 portal.example
192.0.2.10
"""


@pytest.mark.parametrize(
    ("name", "family", "addresses"),
    [
        ("portal.example", socket.AF_INET, ["192.0.2.7", "192.0.2.9"]),
        ("PORTAL.example", socket.AF_INET6, ["2001:db8::7"]),
        ("portal", socket.AF_INET, ["192.0.2.7"]),
        ("portal", socket.AF_INET6, []),
        ("commented.example", socket.AF_INET, []),
        ("later.example", socket.AF_INET, []),
        ("192.0.2.10", socket.AF_INET, []),
    ],
)
def test_a_name_has_the_addresses_of_its_lines(name: str, family: socket.AddressFamily, addresses: list[str]) -> None:
    assert [str(address) for address in addresses_in(TEXT, name, family)] == addresses
