"""Coordinates as people write them: decimal points or commas, degrees, letters, as copied from a map."""

from __future__ import annotations

import re

from agent.characters import unaccented

_DEGREES = str.maketrans("⁰˚∘", "°°°")  # what keyboards offer for the sign of degrees
_NUMBER = re.compile(r"(?:(?<![0-9])[+-])?[0-9]+(?:[.,][0-9]+)?")
_SEXAGESIMAL = re.compile(
    r"(?P<d>[0-9]+)\s*[°ºd]\s*(?:(?P<m>[0-9]+(?:[.,][0-9]+)?)\s*['’′]\s*)?"
    r"(?:(?P<s>[0-9]+(?:[.,][0-9]+)?)\s*(?:[\"”″]|''|’’|′′)\s*)?"
)
_LETTERS = {"n": 1, "b": 1, "e": 2, "d": 2, "s": -1, "w": -2}  # and Vietnamese Bắc, Đông
_OF_PLACES = frozenset(
    (*_LETTERS, "bac", "dong", "vi", "kinh", "do", "lat", "lon", "lng", "long", "latitude", "longitude")
)
_WORDS = re.compile(r"[^\W\d_]+")


def coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude, or None if that is not what the text says.

    ``21,4512; 105,4301``, ``21.4512, 105.4301``, ``21°27'04"N 105°25'48"E``; the longitude may come first where
    only that is possible.
    """
    text = _of_a_map(text).translate(_DEGREES)
    pair = _degrees(text) if re.search("[°ºd]\\s*[0-9]", text.lower()) else _decimals(text)
    if pair is None:
        return None
    first, second = _ordered(pair, text)
    if abs(first) > 90 >= abs(second):
        first, second = second, first
    return (first, second) if abs(first) <= 90 and abs(second) <= 180 else None


def location(value: object) -> tuple[float, float] | None:
    """From the text of a cell, or from the two numbers of a list."""
    if isinstance(value, str):
        return coordinates(value)
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    try:
        latitude, longitude = (float(part) for part in value)
    except (TypeError, ValueError):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _of_a_map(text: str) -> str:
    """The pair in an address that a map gives; another text as it is."""
    if "://" not in text:
        return text
    pair = re.search(r"([+-]?[0-9]+\.[0-9]+),\s*\+?(-?[0-9]+\.[0-9]+)", text.replace("%2C", ","))
    return f"{pair[1]}; {pair[2]}" if pair else ""


def _decimals(text: str) -> tuple[float, float] | None:
    if re.fullmatch(r"[0-9]+(,[0-9]+){2}", text.strip()):  # which comma is the decimal one?
        return None
    numbers = _NUMBER.findall(text)
    if len(numbers) == 1 and "," in numbers[0]:  # 21,105
        numbers = numbers[0].split(",")
    rest = _NUMBER.sub("", text) if len(numbers) == 2 else "?"
    if len(numbers) != 2 or not re.fullmatch(r"[\s,;:()\[\]/°º.|-]*", _WORDS.sub("", rest)):
        return None
    if not {unaccented(word) for word in _WORDS.findall(rest)} <= _OF_PLACES:
        return None
    return float(numbers[0].replace(",", ".")), float(numbers[1].replace(",", "."))


def _degrees(text: str) -> tuple[float, float] | None:
    parts = list(_SEXAGESIMAL.finditer(text))
    if len(parts) != 2:
        return None
    values = [
        sum(float((part[name] or "0").replace(",", ".")) / unit for name, unit in (("d", 1), ("m", 60), ("s", 3600)))
        for part in parts
    ]
    return values[0], values[1]


def _ordered(pair: tuple[float, float], text: str) -> tuple[float, float]:
    """By the letters or words beside them, where both have one: N and E, B and Đ, Vĩ độ and Kinh độ."""
    words = [unaccented(word) for word in _WORDS.findall(text)]
    signs = [
        _LETTERS[word[0]] for word in words if word[0] in _LETTERS and (len(word) == 1 or word[:2] in ("ba", "do"))
    ]
    if sorted(map(abs, signs)) != [1, 2]:
        return pair
    values = [value if sign > 0 else -value for value, sign in zip(pair, signs, strict=True)]
    return (values[0], values[1]) if abs(signs[0]) == 1 else (values[1], values[0])
