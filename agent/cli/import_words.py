"""What `sansang import` itself says, and how the agent comes to read what was written."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

_UNITS = (Path("/etc/systemd/system/sansang.service"), Path("/usr/lib/systemd/system/sansang.service"))
_SYSTEMD = Path("/run/systemd/system")

WORDS: Mapping[str, dict[str, str]] = {
    "en": {
        "units": "Units",
        "sites": "Sites",
        "contacts": "Contacts",
        "modules": "Modules",
        "notes": "Without a counterpart: left out, or read otherwise than by blackbox_exporter",
        "warnings": "Worth a look; nothing is refused for it:",
        "added": "added",
        "removed": "removed",
        "changed": "changed",
        "ends": "its history ends",
        "nothing": "Nothing changes.",
        "apply": "Nothing written yet. To write {file}, add --apply:",
        "asked": "Nothing is written before this is answered; one of the lines is what to type:",
        "written": "Written: {file}",
        "good": "The configuration is good with it: sites {sites}, targets {targets}.",
        "reload": "Now let the agent read it:",
        "start": "If no agent runs yet:",
        "secret": "Secret into a file: {file}",
        "alone": "--secrets-to goes with --blackbox: a sheet holds no secrets",
        "failed": "cannot write {file}: {detail}",
        "as_root": "This user may not write there. Type: {command}",
    },
    "vi": {
        "units": "Đơn vị",
        "sites": "Điểm",
        "contacts": "Liên hệ",
        "modules": "Module",
        "notes": "Không có phần tương ứng: bỏ qua hoặc đọc khác blackbox_exporter",
        "warnings": "Nên xem lại, nhưng không vì thế mà bị từ chối:",
        "added": "thêm",
        "removed": "bỏ",
        "changed": "đổi",
        "ends": "lịch sử kết thúc",
        "nothing": "Không có gì thay đổi.",
        "apply": "Chưa ghi gì. Để ghi {file}, thêm --apply:",
        "asked": "Chưa ghi gì, vì còn câu hỏi cần trả lời; hãy gõ một trong các dòng lệnh sau:",
        "written": "Đã ghi: {file}",
        "good": "Cấu hình mới đúng: {sites} điểm, {targets} mục tiêu.",
        "reload": "Bây giờ cho bộ giám sát đọc cấu hình mới:",
        "start": "Nếu bộ giám sát chưa chạy:",
        "secret": "Bí mật ra tệp: {file}",
        "alone": "--secrets-to chỉ đi với --blackbox: bảng tính không chứa bí mật",
        "failed": "không ghi được {file}: {detail}",
        "as_root": "Người dùng này không được ghi ở đó. Hãy gõ: {command}",
    },
}


def reload_lines(config: Path, listen: str, words: Mapping[str, str]) -> Iterator[str]:
    """What to type now: to systemd where its unit runs this configuration, else to the agent itself."""
    yield words["reload"]
    if _has_unit(config):
        yield "  sudo systemctl reload-or-restart sansang"
        return
    yield f"  curl -X POST http://{listen}/-/reload"
    yield words["start"]
    yield f"  {shlex.join(['sansang', 'run', '--config', str(config)])}"


def _has_unit(config: Path) -> bool:
    def runs(unit: Path) -> bool:
        try:
            return str(config.resolve()) in unit.read_text("utf-8")
        except OSError:
            return False

    return _SYSTEMD.exists() and any(map(runs, _UNITS))
