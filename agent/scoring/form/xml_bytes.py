"""An XML part as bytes in which places can be found again: what is not edited stays as it was, to the byte.

Pure. Work goes on in UTF-8, whatever the part is written in; an edited part goes back into its own encoding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from agent.scoring.form.texts import BROKEN, ENCODING, FormError

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_READABLE = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1", "cp1252"})
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')""")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class XmlPart:
    """A part in UTF-8, and the encoding that it came in."""

    content: bytes
    encoding: str

    def encoded(self, content: bytes) -> bytes:
        """Content of this part in the part's own encoding; signs that it lacks become character references."""
        return content if self.encoding == "utf-8" else content.decode().encode(self.encoding, "xmlcharrefreplace")


def xml_part(data: bytes) -> XmlPart:
    """Raises FormError for an encoding that no office program writes, or bytes that are none of it."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
        if encoding == "utf-8" or text.encode(encoding) == data:
            return XmlPart(text.encode(), encoding)
    except UnicodeError as error:
        raise FormError(BROKEN) from error
    raise FormError(BROKEN)


def _encoding(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if data[:4] in (b"<\x00?\x00", b"\x00<\x00?"):
        return "utf-16-le" if data[0] else "utf-16-be"
    declared = _DECLARED.match(data[:300])
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        encoding = ""
    if encoding not in _READABLE or encoding.startswith("utf-16"):  # without its mark, it is not what it says
        raise FormError(ENCODING.filled(name=name))
    return encoding


Path = tuple[str, ...]
"""Names from the root; those of another namespace than the spreadsheet's begin with ``?``."""

Begin = Callable[[Path, Mapping[str, str], int], None]
"""Path, attributes without namespace, where the opening tag begins."""

End = Callable[[Path, str, int], None]
"""Path, the text since the last tag, where the closing tag begins; behind the tag where it closes itself."""


def walk(content: bytes, begin: Begin, end: End = lambda _path, _text, _at: None) -> None:
    """Go through a part in UTF-8 once.

    Raises FormError for what is no well-formed XML, nests too deep or brings a document type (entities without end).
    """
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    text: list[str] = []
    paths: list[Path] = [()]

    def begun(name: str, attributes: dict[str, str]) -> None:
        if len(paths) > _DEEPEST:
            raise FormError(BROKEN)
        text.clear()
        paths.append((*paths[-1], _local(name)))
        begin(paths[-1], {key.rpartition(" ")[2]: value for key, value in attributes.items()}, parser.CurrentByteIndex)

    def ended(_name: str) -> None:
        end(paths.pop(), "".join(text), parser.CurrentByteIndex)
        text.clear()

    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise FormError(BROKEN) from error


_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # of Strict workbooks
)


def _local(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return local if namespace in _MAIN else f"?{local}"


def _refuse_doctype(*_parts: object) -> None:
    raise FormError(BROKEN)


def tag_end(content: bytes, start: int) -> int:
    """Where the tag that begins at ``start`` ends; the part is known to be well-formed."""
    found = _TAG.match(content, start)
    if found is None:
        raise FormError(BROKEN)
    return found.end()


def prefix(content: bytes, start: int) -> bytes:
    """The namespace prefix of the tag at ``start``, with its colon; b"" for none."""
    name = re.match(rb"<([^\s/>]+)", content[start : start + 300])
    before, colon, _ = name[1].rpartition(b":") if name else (b"", b"", b"")
    return before + colon


def with_attributes(tag: bytes, values: Mapping[str, str | None]) -> bytes:
    """The tag with these attributes: replaced where they stand, added at the end, None takes one away."""
    left = dict(values)

    def replaced(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        if name not in left:
            return found[0]
        value = left.pop(name)
        return b"" if value is None else found[0][: found.start(2) - found.start()] + f'"{value}"'.encode()

    tag = _ATTRIBUTE.sub(replaced, tag)
    added = "".join(f' {name}="{value}"' for name, value in left.items() if value is not None).encode()
    body = tag.removesuffix(b">").removesuffix(b"/")
    return body.rstrip() + added + tag[len(body) :] if added else tag


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes to stand in place of those from start to end."""

    start: int
    end: int
    content: bytes


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """The content with the edits, which may touch but not overlap."""
    pieces: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < at:
            raise ValueError("edits overlap")
        pieces += [content[at : edit.start], edit.content]
        at = edit.end
    return b"".join([*pieces, content[at:]])
