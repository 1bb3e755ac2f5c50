"""The file of SNMP's credentials in the lab's directory, for its owner's eyes only."""

from __future__ import annotations

import os
from pathlib import Path

from agent.atomic_file import write_atomically
from agent.lab.district import COMMUNES_CREDENTIAL, HALL_CREDENTIAL
from agent.lab.listeners.snmp import COMMUNITY, USER

_CONTENT = f"""\
{COMMUNES_CREDENTIAL}: {{version: 2c, community: {COMMUNITY}}}
{HALL_CREDENTIAL}:
  version: 3
  user: {USER.name}
  auth: sha256
  auth_password: {USER.auth_password}
  privacy: aes128
  privacy_password: {USER.privacy_password}
"""


def write_credentials(directory: Path) -> Path:
    """Write the file; OSError if it cannot be written."""
    path = directory / "snmp.yaml"
    write_atomically(path, _CONTENT.encode(), private_to=os.geteuid())
    return path
