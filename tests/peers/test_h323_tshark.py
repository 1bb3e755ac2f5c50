"""Our H.323 octets as tshark's dissectors read them, and real servers of other protocols on the call port.

tshark alone is the other codec: the one encoder of H.225.0 among the packages of PyPI is 249 MB of ASN.1 and is known
to write some messages wrong.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from agent.model import Reason
from agent.probes.h323.options import H323Options
from agent.probes.h323.probe import SPEC
from agent.probes.h323.wire import NONCE_BYTES, H225Message, H225Reader, status_enquiry
from tests.agent.probes.h323.test_wire import released
from tests.peers.nginx.server import HTTP, TLS, nginx
from tests.pki import pki
from tests.probing import run_probe
from tests.recorded_h323 import MESSAGES

pytestmark = pytest.mark.peers
NGINX = "127.80.3.1"

ENQUIRIES = [status_enquiry(os.urandom(NONCE_BYTES)) for _ in range(50)]
ENQUIRIES += [status_enquiry(bytes(NONCE_BYTES)), status_enquiry(b"\xff" * NONCE_BYTES)]


def capture(messages: Iterable[bytes], folder: Path) -> Path:
    """One TCP segment to port 1720 for each message."""
    dump = "\n\n".join("000000 " + message.hex(" ") for message in messages)
    (folder / "messages.txt").write_text(dump + "\n", encoding="ascii")
    done = folder / "messages.pcap"
    subprocess.run(["text2pcap", "-q", "-T", "20000,1720", folder / "messages.txt", done], check=True, timeout=30)
    return done


def tshark(messages: Iterable[bytes], folder: Path, *options: str) -> list[str]:
    command = ["tshark", "-r", str(capture(messages, folder)), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def read(data: bytes) -> H225Message:
    reader = H225Reader()
    reader.feed(data)
    message = reader.take()
    assert isinstance(message, H225Message)
    return message


def test_what_we_send_is_a_proper_status_enquiry(tmp_path: Path) -> None:
    fields = ("q931.message_type", "q931.call_ref", "h225.guid", "h225.h245Tunnelling", "_ws.col.Info")
    shown = tshark(ENQUIRIES, tmp_path, "-T", "fields", *(part for name in fields for part in ("-e", name)))
    wanted = [f"0x75\t{sent[6:8].hex()}\t{_guid(sent[25:41])}\t0\tCS: statusInquiry " for sent in ENQUIRIES]
    assert shown == wanted
    assert tshark(ENQUIRIES, tmp_path, "-Y", "_ws.malformed || _ws.expert.severity >= 6291456") == []


def test_the_recorded_messages_are_proper_and_named_alike(tmp_path: Path) -> None:
    messages = [data for _, data in MESSAGES]
    assert tshark(messages, tmp_path, "-Y", "_ws.malformed") == []
    shown = tshark(messages, tmp_path, "-T", "fields", "-e", "_ws.col.Info")
    assert [line.removeprefix("CS: ").strip().lower() for line in shown] == [
        read(data).kind.lower() for data in messages
    ]


def test_release_reasons_are_read_alike(tmp_path: Path) -> None:
    """Every choice of the first list, behind the head of a recorded message."""
    head = bytes.fromhex("052540060008914a0004")
    messages = [released(head + bytes((choice << 3, 0))) for choice in range(12)]
    shown = tshark(messages, tmp_path, "-V")
    reasons = [line.split()[1] for line in shown if line.strip().startswith("reason: ")]
    assert reasons == [read(data).release for data in messages]


@pytest.mark.parametrize("port", [HTTP, TLS])
async def test_a_web_server_on_the_call_port_is_named(port: int, tmp_path: Path) -> None:
    with nginx(tmp_path, pki(), NGINX):
        result = await run_probe(SPEC, f"{NGINX}:{port}", H323Options())
    assert (result.reason, result.detail[:30]) == (Reason.PROTOCOL_ERROR, "not a TPKT, it speaks HTTP: b'")


def _guid(octets: bytes) -> str:
    digits = octets.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
