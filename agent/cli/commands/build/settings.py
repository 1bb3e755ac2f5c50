"""What `sansang build` takes from the inventory: names, levels, addresses, hours, and who is told."""

from __future__ import annotations

from collections.abc import Sequence

from agent.availability.zones import date_of, offsets
from agent.clock import Clock
from agent.inventory.entities import Inventory, Level
from agent.inventory.schema.notify import Mail, Notify, NotifyReceiver
from agent.probes.registry import asks_devices
from agent.text import LANGUAGES
from dashboards.hours import open_hours
from dashboards.settings import BuildSettings, LevelName, Messages


def settings_of(inventory: Inventory, clock: Clock) -> BuildSettings:
    """The defaults, with what the inventory knows better; holidays are those of this year and the next."""
    organisation, now_ms = inventory.organisation, clock.wall_ms()
    year = date_of(now_ms + offsets(organisation.timezone, now_ms, now_ms + 1)[0].offset_ms).year
    usual, notify = BuildSettings(), inventory.notify
    return BuildSettings(
        organisation=organisation.name,
        language=organisation.language,
        timezone=organisation.timezone,
        levels=tuple(map(_level, _used(inventory))),
        agent=inventory.listen,
        grafana_url=inventory.grafana or usual.grafana_url,
        runbook_url=inventory.runbooks,
        messages=usual.messages if notify is None else messages_of(notify),
        calendars=open_hours(inventory.calendars, range(year, year + 2)),
        warnings_wait=notify is None or notify.warnings == "office",
        snmp_checks=sum(asks_devices(target.probe) for target in inventory.targets),
    )


def messages_of(notify: Notify) -> Messages:
    """Only who is named is told; mails of all places leave through the one server.

    The ledger's head goes to those who are mailed everything, unless it has a place of its own.
    """
    mail, webhook = notify.mail, notify.webhook
    server = mail or Mail(to=())
    archive = notify.archive if notify.archive != NotifyReceiver() else NotifyReceiver(mail=server.to)
    return Messages(
        smtp=server.server,
        smtp_plain=server.unencrypted,
        smtp_user=server.user,
        smtp_password_file=server.password.file if server.password else "",
        sender=server.sender,
        recipients=server.to,
        webhook=webhook.url if webhook else "",
        webhook_token_file=webhook.token.file if webhook and webhook.token else "",
        heartbeat=notify.heartbeat or "",
        archive_recipients=archive.mail,
        archive_webhook=archive.webhook or "",
        loud_recipients=notify.loud.mail,
        loud_webhook=notify.loud.webhook or "",
    )


def _used(inventory: Inventory) -> Sequence[Level]:
    """The levels that have units, so that no board offers an empty one; all while there are no units."""
    used = {unit.level for unit in inventory.units}
    return [level for level in inventory.levels if level.id in used or not used]


def _level(level: Level) -> LevelName:
    """A level that is named in one language only has that name in all."""
    fallback = next(iter(level.names.values()), level.id)
    return LevelName(level.id, {language: level.names.get(language, fallback) for language in LANGUAGES})
