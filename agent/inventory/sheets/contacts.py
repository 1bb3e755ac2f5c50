"""People in sheets: beside their site, or in a sheet of their own, to contacts; one person is one contact. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from agent.inventory.sheets.columns import ID, plain, slug

_TRAILING_PHONE = re.compile(r"(?:^|[\s,;:(–-]+)((?:\+?84|0)[0-9][0-9 .-]{6,14})\)?$")
_LABEL = re.compile(
    r"[\s,;:(–-]+(?:s?đt(?:dđ)?|đtdđ|số đt|(?:số )?điện thoại|(?:số )?di động|dđ|tel|phone|mobile)[\s.:]*$",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:ong|ba|anh|chi|d c|dc|mr|mrs|ms) (?=[a-z])")
_MOBILE = re.compile(r"[35789][0-9]{8}")  # 03, 05, 07, 08, 09 and eight digits, less the 0 of a numeric cell
_LANDLINE = re.compile(r"2[0-9]{9}")  # 02, area code and number: eleven digits, less the 0


def phone(text: str) -> str:
    """A telephone number as people write it; a leading 0 that a numeric cell lost comes back where only that fits."""
    number = " ".join(text.split())
    return f"0{number}" if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number) else number


class AddressBook:
    """The contacts that sheets name. Those it knows already are pointed to, never changed."""

    def __init__(self, known: Iterable[Mapping[str, str]] = (), before: Iterable[Mapping[str, str]] = ()) -> None:
        """before: contacts as they were, whose ids those of the same name keep."""
        self._before = {_bare(row.get("name", "")): row["id"] for row in before}
        self.rows: dict[str, dict[str, str]] = {}
        self._ids: set[str] = set()
        self._people: dict[tuple[str, str], Mapping[str, str]] = {}  # by name and number; the first under number ""
        self._counts: dict[str, int] = {}
        for row in known:
            self.know(row)

    def know(self, row: Mapping[str, str]) -> None:
        """A contact that has its id."""
        self._ids.add(row["id"])
        name = _bare(row.get("name", ""))
        for number in ("", _digits(row.get("phone", ""))):
            self._people.setdefault((name, number), row)

    def point(self, site: Mapping[str, str]) -> dict[str, str]:
        """The row of a site with the id of its contact in place of name, telephone and mail address.

        A text that has the form of an id, and nothing beside it, points to a contact that must exist.
        """
        row = {key: value for key, value in site.items() if key not in ("contact", "phone", "email")}
        name, number, email = phone(site.get("contact", "")), phone(site.get("phone", "")), site.get("email", "")
        if match := _TRAILING_PHONE.search(name):
            name, number = _LABEL.sub("", f" {name[: match.start()]}").strip(), number or phone(match[1])
        if ID.fullmatch(name) and (name in self._ids or not (number or email)):
            row["contact"] = name
        elif name or number or email:
            person = {"name": name or site.get("name", ""), "phone": number, "email": email}
            row["contact"] = self.add({key: value for key, value in person.items() if value})
        return {key: row[key] for key in dict.fromkeys((*site, "contact")) if key in row}

    def add(self, person: Mapping[str, str]) -> str:
        """The id of this person, who is new or adds what was not known. Without a name that makes an id: ""."""
        person = contact_row(person)
        name = _bare(person.get("name", ""))
        for number in (_digits(person.get("phone", "")), ""):
            row = self._people.get((name, number))
            if row is not None and _agree(row, person):
                if row["id"] in self.rows:
                    self.rows[row["id"]].update({**person, **row})
                    self.know(self.rows[row["id"]])
                return row["id"]
        before = self._before.get(name, "")
        identity = before if before and before not in self._ids else self._free(slug(person.get("name", "")))
        if identity:
            self.rows[identity] = {"id": identity, **person}
            self.know(self.rows[identity])
        return identity

    def _free(self, identity: str) -> str:
        """The id, or it with the first number that nobody has."""
        candidate = identity
        while candidate and candidate in self._ids:
            self._counts[identity] = self._counts.get(identity, 1) + 1
            candidate = f"{identity}-{self._counts[identity]}"
        return candidate


def contact_row(cells: Mapping[str, str]) -> dict[str, str]:
    """The keys of a contact among the cells of a sheet."""
    row = {key: cells[key] for key in ("id", "name", "phone", "email") if key in cells}
    return row if "phone" not in row else {**row, "phone": phone(row["phone"])}


def _agree(contact: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether nothing speaks against both being one person."""
    pairs = (
        (_digits(contact.get("phone", "")), _digits(other.get("phone", ""))),
        (contact.get("email"), other.get("email")),
    )
    return all(not first or not second or first == second for first, second in pairs)


def _bare(name: str) -> str:
    return _TITLE.sub("", plain(name), count=1)


def _digits(number: str) -> str:
    digits = re.sub("[^0-9]", "", phone(number))
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) >= 11 else digits
