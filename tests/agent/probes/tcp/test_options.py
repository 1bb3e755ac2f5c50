from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpDegraded, TcpOptions
from tests.pki import pki


def test_options_come_from_plain_data() -> None:
    options = TypeAdapter(TcpOptions).validate_python(
        {
            "family": "ip4",
            "tls": True,
            "tls_config": {"ca_file": pki().ca_file, "min_version": "TLS12"},
            "dialogue": [{"expect": "^220"}, {"send": "QUIT"}],
            "degraded": {"connect": "200ms", "certificate": "21d"},
        }
    )
    assert options.degraded == TcpDegraded(0.2, 21 * 86400.0)
    assert options.dialogue == (DialogueStep(expect="^220"), DialogueStep(send="QUIT"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"tlz": True}, "Unexpected keyword argument"),
        ({"source": "eth0"}, "not an IP address"),
        ({"dialogue": [{}]}, "a step that does nothing"),
        ({"dialogue": [{"expect": "a", "expect_bytes": "b"}]}, "exclude each other"),
        ({"dialogue": [{"expect": "("}]}, "not a regular expression"),
        ({"tls_config": {"ca_file": "/nonexistent/ca.pem"}}, "No such file"),
        ({"tls_config": {"cert_file": "/nonexistent/a.pem"}}, "needs its key"),
        ({"tls_config": {"server_name": ".example"}}, "not a host name"),
        ({"tls_config": {"min_version": "TLS13", "max_version": "TLS12"}}, "min_version is above"),
    ],
)
def test_bad_options_are_refused(data: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TypeAdapter(TcpOptions).validate_python(data)
