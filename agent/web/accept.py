"""What a client says it takes (RFC 9110 12.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.text import LANGUAGES, Translatable

_OPENMETRICS = "application/openmetrics-text"
_SPOKEN = ("", "1.0.0", "0.0.1")  # versions that the OpenMetrics answer satisfies
_MAX_ITEMS = 32  # nobody honest sends more


def prefers_openmetrics(accept: str) -> bool:
    """Whether OpenMetrics is wanted at least as much as plain text; whoever names neither gets plain text."""
    openmetrics = plain = 0.0
    for name, parameters, quality in _items(accept):
        if name == _OPENMETRICS and parameters.get("version", "") in _SPOKEN:
            openmetrics = max(openmetrics, quality)
        elif name == "text/plain":
            plain = max(plain, quality)
    return openmetrics > 0 and openmetrics >= plain


def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named and not refused by ``q=0``."""
    return any(name == "gzip" and quality > 0 for name, _, quality in _items(accept_encoding))


def language(accept_language: str) -> str:
    """``vi`` or ``en``, whichever is wanted more; "" when neither is named."""
    languages = [(quality, name[:2]) for name, _, quality in _items(accept_language) if name[:2] in LANGUAGES]
    return max(languages, key=lambda item: item[0])[1] if languages else ""


def spoken(headers: Mapping[str, str], text: Translatable) -> str:
    """The text in the language that the client asks for (RFC 9110 12.5.4); English for one that asks for none."""
    return text.to(language(headers.get("accept-language", "")) or "en")


def _items(header: str) -> Iterator[tuple[str, dict[str, str], float]]:
    for item in header.split(",")[:_MAX_ITEMS]:
        name, *rest = item.split(";")
        parameters = {key.strip().lower(): value.strip() for key, _, value in (part.partition("=") for part in rest)}
        yield name.strip().lower(), parameters, _quality(parameters.get("q", "1"))


def _quality(text: str) -> float:
    """0 to 1; what is no number counts as refused."""
    digits = text.replace(".", "", 1)
    return min(float(text), 1.0) if digits.isascii() and digits.isdigit() else 0.0
