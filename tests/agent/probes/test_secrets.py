"""Secrets as Notepad, an editor or `echo` leaves them in a file: read without what stands around them, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from agent.inventory.messages.document import MESSAGES
from agent.probes.options import Secret

WRITTEN = {
    "as it is": b"abc",
    "a line": b"abc\n",
    "Windows": b"abc\r\n",
    "UTF-8 with mark": b"\xef\xbb\xbfabc\r\n",
    "UTF-16 of Notepad": "\ufeffabc\r\n".encode("utf-16-le"),
    "UTF-16, the other way": "\ufeffabc\n".encode("utf-16-be"),
    "blanks": b"  abc \t \n",
    "blank lines": b"\r\n\r\nabc\n\n \n",
    "a hard blank of a web page": "abc\u00a0\u200b\n".encode(),
}
REFUSED = {
    "": ("secret_empty", {}),
    "\ufeff \r\n": ("secret_empty", {}),
    "user\npassword\n": ("secret_lines", {"count": "2"}),
    "abc\u2028def": ("secret_lines", {"count": "2"}),
    "abc\tdef": ("secret_character", {"code": "U+0009"}),
    "abc\x00": ("secret_character", {"code": "U+0000"}),
    "abc\ufeffdef": ("secret_character", {"code": "U+FEFF"}),
}


def kept(folder: Path, content: bytes) -> dict[str, str]:
    path = folder / "token"
    path.write_bytes(content)
    path.chmod(0o600)
    return {"file": str(path)}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_secret_file_is_read_without_marks_and_blanks_around(written: str, tmp_path: Path) -> None:
    assert Secret.parse(kept(tmp_path, WRITTEN[written])).reveal() == "abc"


def test_blanks_within_belong_to_the_secret(tmp_path: Path) -> None:
    assert Secret.parse(kept(tmp_path, "mật khẩu dài\n".encode())).reveal() == "mật khẩu dài"


def refusal(value: object) -> PydanticCustomError:
    with pytest.raises(PydanticCustomError) as refused:
        Secret.parse(value)
    return refused.value


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_single_line_is_refused_without_being_repeated(text: str, tmp_path: Path) -> None:
    message, values = REFUSED[text]
    error = refusal(kept(tmp_path, text.encode()))
    context = {key: str(value) for key, value in (error.context or {}).items()}

    assert (error.type, {key: context[key] for key in values}) == (message, values)
    assert MESSAGES[error.type].to("en", context) == (error.message(), context["right"])
    assert str(tmp_path / "token") in MESSAGES[error.type].to("vi", context)[0]
    assert "abc" not in f"{error}{context}"


@pytest.mark.parametrize("body", [b"abc\xff\xfe", b"\xff\xfeab\x00", b"\xff" * 70_000])
def test_other_encodings_and_endless_files_are_refused(body: bytes, tmp_path: Path) -> None:
    assert refusal(kept(tmp_path, body)).type == "secret_text"


def test_the_environment_is_read_by_the_same_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANSANG_TEST_TOKEN", "\ufeffabc \r\n")
    assert Secret.parse({"env": "SANSANG_TEST_TOKEN"}).reveal() == "abc"
    monkeypatch.setenv("SANSANG_TEST_TOKEN", " ")
    assert "$SANSANG_TEST_TOKEN" in refusal({"env": "SANSANG_TEST_TOKEN"}).message()
