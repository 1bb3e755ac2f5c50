"""Runs resolv_conf.py in a mount namespace where /etc is a folder of its own."""

from __future__ import annotations

import os
from pathlib import Path

from tests.namespaces import unshared

INSIDE = "SANSANG_PRIVATE_ETC"

if INSIDE in os.environ:
    from tests.agent.probes.resolv_conf import *  # noqa: F403  # the tests themselves

else:

    def test_in_an_etc_of_its_own(tmp_path: Path) -> None:
        (tmp_path / "hosts").write_text("127.0.0.1 localhost\n", encoding="ascii")
        unshared(__file__, (INSIDE, "1"), "--mount", f"mount --bind {tmp_path} /etc")
