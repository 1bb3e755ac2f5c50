"""Strict-Transport-Security (RFC 6797): whether an answer asks browsers to come over TLS alone from now on."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST = 1_000  # bytes of a header that are read
_MAX_AGE = re.compile(rb"[ \t]*max-age[ \t]*=[ \t]*(?:\"([0-9]+)\"|([0-9]+))[ \t]*", re.IGNORECASE)


def demands_tls(values: Sequence[bytes]) -> bool:
    """Whether the first of the headers is one with a max-age above 0 (sections 6.1 and 8.1); 0 takes it back."""
    if not values or len(values[0]) > _MOST:
        return False
    ages = [match for part in values[0].split(b";") if (match := _MAX_AGE.fullmatch(part))]
    return len(ages) == 1 and any(digit != ord("0") for digit in ages[0][1] or ages[0][2])
