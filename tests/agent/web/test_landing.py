"""The landing page over HTTP: whose language, and how often it is made."""

from __future__ import annotations

import asyncio

from agent.web.endpoints import LandingRequest
from tests.agent.web.serving import ask, serving


async def test_readers_who_ask_meanwhile_share_one_page() -> None:
    made: list[LandingRequest] = []
    asked = asyncio.Event()

    async def page(reading: LandingRequest) -> str:
        made.append(reading)
        await asked.wait()
        return f"{reading.language} {reading.here}"

    async with serving(page=page) as (port, _):
        readers = [asyncio.create_task(ask(port, "GET", f"/?lang={language}")) for language in ("vi", "vi", "en") * 5]
        readers.append(asyncio.create_task(ask(port, "GET", "/?lang=vi", {"via": "1.1 proxy"})))
        while len(made) < 3:
            await asyncio.sleep(0.01)
        asked.set()
        answers = await asyncio.gather(*readers)
    assert {body for _, _, body in answers} == {b"vi True", b"en True", b"vi False"}
    assert all(status == 200 for status, _, _ in answers)
    assert len(made) < len(readers)


async def test_a_page_that_cannot_be_made_is_told_to_each_and_tried_again() -> None:
    made: list[LandingRequest] = []

    async def page(reading: LandingRequest) -> str:
        made.append(reading)
        if len(made) == 1:
            raise ValueError
        return "page"

    async with serving(page=page) as (port, _):
        assert (await ask(port, "GET", "/"))[0] == 500
        assert (await ask(port, "GET", "/"))[0] == 200


async def test_the_list_of_what_is_well_can_be_kept_open() -> None:
    async def page(reading: LandingRequest) -> str:
        return str(reading.unfolded)

    async with serving(page=page) as (port, _):
        pages = [(await ask(port, "GET", path))[2] for path in ("/", "/?well=open", "/?lang=vi&well=open", "/?well=1")]
    assert pages == [b"False", b"True", b"True", b"False"]
