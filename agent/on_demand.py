"""What `/probe` and `/snmp` answer: a run on demand, and how it is shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from agent.engine.adhoc.probe import OFFSET_SECONDS, AccessPolicy, ProbeRequest, module_of, probe_once
from agent.engine.runner import Runner
from agent.model import CheckSettings, ExposedRun
from agent.web.endpoints import Probed, SnmpScrapeRequest
from exporters.blackbox import render
from exporters.pages.probe import debug_page
from exporters.snmp import SnmpScrape, render_scrape

_LEAST_SECONDS = 0.05


async def probed(request: ProbeRequest, policy: AccessPolicy, runner: Runner) -> Probed:
    """One run. ProbeRequestError or ProbeNotAllowedError, before any packet to the target."""
    response = await probe_once(request, policy, runner)
    run = ExposedRun(response.result, response.target.policy.timeout_ms / 1000, response.lookup_seconds)
    return Probed(
        lambda openmetrics: render(response.target.probe, run, openmetrics=openmetrics),
        lambda: debug_page(response.target, run, response.refused),
    )


async def snmp_scraped(request: SnmpScrapeRequest, policy: AccessPolicy, runner: Runner) -> bytes:
    """One module after another, each known before anything is sent, within the scraper's time; errors as of probed."""
    probe_requests = [_of_module(request, module) for module in request.modules]
    for probe_request in probe_requests:
        await module_of(probe_request, policy, runner)
    scrapes, started = [], runner.clock.monotonic()
    for probe_request in probe_requests:
        began = runner.clock.monotonic()
        response = await probe_once(_within(probe_request, began - started), policy, runner)
        scrapes.append(SnmpScrape(probe_request.module, response.result, runner.clock.monotonic() - began))
    return await asyncio.to_thread(render_scrape, scrapes)


def _of_module(request: SnmpScrapeRequest, module: str) -> ProbeRequest:
    settings = CheckSettings(credential=request.auth or None)
    seconds, near = request.scrape_timeout_seconds, request.near
    return ProbeRequest(request.target, module, "", seconds, near, probe="snmp", settings=settings)


def _within(request: ProbeRequest, spent_seconds: float) -> ProbeRequest:
    """The request with the time that the modules before it have left; a moment at least."""
    if request.scrape_timeout_seconds is None:
        return request
    left = max(request.scrape_timeout_seconds - spent_seconds, OFFSET_SECONDS + _LEAST_SECONDS)
    return replace(request, scrape_timeout_seconds=left)
