"""What stands beside a reason under `language: vi`: Vietnamese, or names, numbers and codes."""

from __future__ import annotations

import os
import re
import socket

import pycares
import pytest

from agent.explain.run_details import in_vietnamese
from agent.probes.icmp.probe import describe_error

_ENGLISH = re.compile(r"\b([Tt]he|[Nn]o|is|not|no|with|of|and|found|servers?|query|answer|connection|refused)\b")


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("status 503", "HTTP 503"),
        ("answered 486", "trả lời 486"),
        ("answered NXDOMAIN", "trả lời NXDOMAIN"),
        ("no answer", "không trả lời"),
        ("Connection refused", "không có chương trình nào nghe ở đó"),
        ("gw.example: Could not contact DNS servers", "gw.example: máy chủ tên miền không trả lời"),
        ("gw.example: Domain name not found", "gw.example: không có tên này"),
        ("gw.example: the name exists, but has no IPv4 address", "gw.example: tên này không có địa chỉ IPv4"),
        ("gw.example: the name exists, but has no IPv4 or IPv6 address", "gw.example: tên này không có địa chỉ IPv4"),
        ("the body does not match Đăng nhập", "nội dung không khớp Đăng nhập"),
        ("Destination host unreachable, says 127.0.0.9", "không tới được máy đó, theo 127.0.0.9"),
        ("Communication with destination administratively prohibited, says ::1", "bị tường lửa chặn, theo ::1"),
        ("Precedence cutoff, says 127.0.0.9", ""),
        ("No route to host, says 127.0.0.9", "không tới được máy đó, theo 127.0.0.9"),
        ("tls_expired, tls_wrong_name", "tls_expired, tls_wrong_name"),
        ("cause 17", "cause 17"),
        ("HTTP/1.0", "HTTP/1.0"),
        ("", ""),
        ("neither a status line nor a head (RFC 9112)", ""),
        ("Failed to connect to 127.0.0.1 port 81 after 0 ms: Could not connect to server", ""),
        ("wrong version number", ""),
        ("timeout, but the agent itself stood still for 4.0 s of this run", ""),
    ],
)
def test_a_detail_is_said_in_vietnamese_or_left_out(detail: str, said: str) -> None:
    assert in_vietnamese(detail) == said


def _said(number: int) -> str:
    text = pycares.errno.strerror(number)
    return text.decode() if isinstance(text, bytes) else text


def test_nothing_that_the_libraries_say_stays_english() -> None:
    texts = [_said(number) for number in pycares.errno.errorcode]
    texts += [f"gw.example: {text}" for text in texts]
    texts += [os.strerror(number) for number in range(1, 134)]
    texts += [describe_error(4, kind, code) for kind in (3, 11) for code in range(16)]
    texts += [describe_error(6, kind, code) for kind in (1, 3) for code in range(8)]
    texts += [str(socket.gaierror(-2, "Name or service not known"))]
    assert [text for text in texts if _ENGLISH.search(in_vietnamese(text))] == []
