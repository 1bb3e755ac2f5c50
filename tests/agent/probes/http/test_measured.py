"""What runs against a real server tell for a day's sums."""

from __future__ import annotations

import pytest

from agent.lab.listeners.http import response
from agent.model import ProbeResult, Reason
from agent.model.measured import BooleanFact, RunMeasured
from agent.probes.http.hsts import demands_tls
from agent.probes.http.measured import measured
from tests.agent.probes.http.asking import ADDRESS, asking, facts, read, serving
from tests.pki import HOST, Server, pki

TRUST = {"ca_file": pki().ca_file}
YEAR = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def answers(result: ProbeResult, **options: object) -> dict[str, bool]:
    run = measured(result, read(options))
    return {} if run is None else {fact.value: yes for fact, yes in run.answers}


async def asked(path: str = "/", headers: dict[str, str] | None = None, **options: object) -> ProbeResult:
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        web.routes["/asked"] = response(200, b"ok", headers)
        return await asker.ask_as(f"https://{HOST}:{web.port}{path}", read({"tls_config": TRUST, **options}))


async def test_a_good_answer_over_tls() -> None:
    result = await asked("/asked", YEAR)
    run = measured(result, read({"tls_config": TRUST}))

    assert run is not None
    assert dict(run.answers) == {BooleanFact.HTTPS: True, BooleanFact.CERTIFICATE: True, BooleanFact.HSTS: True}
    assert run.first_byte_seconds == facts(result).first_byte_seconds
    assert run.certificate_expiry == facts(result).tls_expiry_timestamp_seconds


async def test_an_answer_in_clear_is_neither_https_nor_hsts() -> None:
    async with serving() as web, asking() as asker:
        web.routes["/asked"] = response(200, b"ok", YEAR)
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/asked")

    assert answers(result) == {"https": False, "hsts": False}


async def test_a_redirect_from_clear_to_tls_is_https() -> None:
    async with serving() as clear, serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        clear.routes["/"] = response(301, b"", {"Location": f"https://{HOST}:{web.port}/asked"})
        web.routes["/asked"] = response(200, b"ok", YEAR)
        result = await asker.ask(f"http://{HOST}:{clear.port}/", tls_config=TRUST)

    assert answers(result) == {"https": True, "certificate": True, "hsts": True}


@pytest.mark.parametrize("name", ["expired", "future", "wrong_host", "self_signed", "no_chain", "unknown_ca"])
async def test_a_certificate_that_is_refused(name: str) -> None:
    server: Server = getattr(pki(), name)
    async with serving(certificate=server) as web, asking({HOST: ADDRESS}) as asker:
        address = f"https://{HOST}:{web.port}/"
        refused = await asker.ask(address, tls_config=TRUST)
        unseen = await asker.ask(address, tls_config={"verify": False})

    assert answers(refused) == {"https": False, "certificate": False}
    assert answers(unseen, tls_config={"verify": False}) == {"hsts": False}


async def test_a_page_that_fails_tells_of_its_certificate_and_not_of_its_speed() -> None:
    result = await asked("/asked", YEAR, status=[204])
    run = measured(result, read({"tls_config": TRUST}))

    assert result.success is False
    assert run is not None
    assert (run.first_byte_seconds, len(run.answers)) == (None, 3)


async def test_silence_tells_nothing() -> None:
    async with asking() as asker:
        result = await asker.ask(f"https://{ADDRESS}:9/")

    assert result.reason is Reason.REFUSED
    assert measured(result, read({})) is None
    assert measured(ProbeResult.of(Reason.TIMEOUT, 5.0), read({})) is None
    assert RunMeasured().answers == ()


@pytest.mark.parametrize(
    ("header", "demands"),
    [
        (b"max-age=31536000", True),
        (b'includeSubDomains; Max-Age="86400" ;preload', True),
        (b" max-age = 1 ", True),
        (b"max-age=0", False),
        (b"max-age=00", False),
        (b"max-age=", False),
        (b"max-age=-1", False),
        (b"max-age=1; max-age=2", False),
        (b"max-age=1x", False),
        (b"includeSubDomains", False),
        (b"max-age=\xd9\xa1", False),
        (b";" * 2_000 + b"max-age=1", False),
        (b"", False),
    ],
)
def test_strict_transport_security_is_read_as_rfc_6797_says(header: bytes, demands: bool) -> None:
    assert demands_tls([header]) is demands
    assert demands_tls([header, b"max-age=9"]) is demands, "the first counts"
    assert demands_tls([]) is False
