"""Checks what `sansang ledger export` wrote, with nothing but Python: python3 check_ledger.py FILE."""

import base64
import hashlib
import json
import sys

previous, run, seq = hashlib.sha256(b"sansang ledger 1").digest(), 0, 0
with open(sys.argv[1], encoding="ascii") as file:
    for line in file:
        row, seq = json.loads(line), seq + 1
        run = seq if row["kind"] == "agent_run" else run
        chained = [seq, run, row["kind"], row["target"], row["at_ms"], row["body"]]
        canonical = json.dumps(chained, separators=(",", ":")).encode()
        previous = hashlib.sha256(previous + canonical).digest()
        good = row["seq"] == seq and row["run"] == run and row["hash"] == previous.hex()
        if row["kind"] == "content":
            content = hashlib.sha256(base64.b64decode(row["content"])).hexdigest()
            good = good and content == json.loads(row["body"])["hash"]
        if not good:
            sys.exit(f"row {seq} is not what was written")
print(f"{seq} rows, head {previous.hex()}")
