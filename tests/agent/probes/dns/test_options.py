from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.probes.dns.options import DnsOptions, QueryClass
from agent.probes.options import Transport

OPTIONS = TypeAdapter(DnsOptions)


def test_what_may_be_asked() -> None:
    told = {"query_name": "_sip._udp.a.example", "query_type": "srv", "query_class": "CH", "rcodes": ["nxdomain"]}
    options = OPTIONS.validate_python(told | {"transport": "tls", "answer": {"any_matches": ["^a"]}})
    assert (options.query_type, options.query_class, options.rcodes) == ("SRV", QueryClass.CH, ("NXDOMAIN",))
    assert (options.transport, options.answer.any_matches) == (Transport.TLS, ("^a",))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "required"),
        ({"query_name": "a..example"}, "not a domain name"),
        ({"query_name": "a.example", "query_type": "AXFR"}, "not a record type to ask for"),
        ({"query_name": "a.example", "query_class": "NONE"}, "should be 'IN'"),
        ({"query_name": "a.example", "rcodes": ["FINE"]}, "not a DNS response code"),
        ({"query_name": "a.example", "rcodes": []}, "at least 1 item"),
        ({"query_name": "a.example", "udp_payload": 100}, "not a size to offer"),
        ({"query_name": "a.example", "udp_payload": 65_535}, "not a size to offer"),
        ({"query_name": "a.example", "answer": {"any_matches": ["("]}}, "not a regular expression"),
        ({"query_name": "a.example", "answer": {"any_match": ["a"]}}, "any_match"),
    ],
)
def test_what_may_not(told: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        OPTIONS.validate_python(told)
