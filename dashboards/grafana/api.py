"""The few questions of Grafana's HTTP API that an upload needs; answers are parsed here, once, into typed values.

These paths are those of Grafana 9 to 13. Since 13 they are called legacy beside `/apis`, and served all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from dashboards.grafana.client import GrafanaClient, GrafanaResponse
from dashboards.grafana.errors import GrafanaError, GrafanaErrorKind, sanitize
from dashboards.grafana.upload import Board, FoundBoard, FoundSource, Save

_ABSENT = HTTPStatus.NOT_FOUND
_NEWER_FORM = HTTPStatus.NOT_ACCEPTABLE  # a board in schema v2, which only `/apis` shows


class RefusedError(Exception):
    """Grafana will not do this one thing; the text is its own, made harmless."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.from_file = "provisioned" in text  # from files, or from a repository that Grafana keeps in step with
        super().__init__(f"{status} {text}".rstrip())


@dataclass(frozen=True, slots=True)
class Grafana:
    """A Grafana behind its client. Every method may raise GrafanaError; those that ask for one thing, RefusedError."""

    client: GrafanaClient

    def version(self) -> str:
        """Grafana's version, "" if it hides it. The token is not shown: only now is it known to be a Grafana."""
        answer = self.client.request("GET", "/api/health", signed=False)
        if not isinstance(answer.body, dict) or "database" not in answer.body:
            raise GrafanaError(GrafanaErrorKind.NOT_GRAFANA)
        if answer.status != HTTPStatus.OK:
            raise GrafanaError(GrafanaErrorKind.UNWELL, answer.body["database"])
        return sanitize(answer.body.get("version", ""))

    def has_folder(self, uid: str) -> bool:
        """Whether there is such a folder. Of one that is not there Grafana says 403 to all but its administrators."""
        answer = self.client.request("GET", f"/api/folders/{uid}")
        return answer.status != HTTPStatus.FORBIDDEN and _document_or_none(answer) is not None

    def add_folder(self, folder: Mapping[str, str]) -> None:
        """Make the folder."""
        self._done("POST", "/api/folders", folder)

    def source(self, uid: str) -> FoundSource | None:
        """The data source, None where there is none."""
        existing = self._get(f"/api/datasources/uid/{uid}")
        if existing is None:
            return None
        read_only = existing.get("readOnly") is True
        return FoundSource(_text(existing, "type"), _text(existing, "url"), read_only=read_only, document=existing)

    def add_source(self, document: Mapping[str, Any]) -> None:
        """Make the data source."""
        self._done("POST", "/api/datasources", document)

    def set_source(self, uid: str, document: Mapping[str, Any]) -> None:
        """Change the data source; secrets that it holds stay."""
        self._done("PUT", f"/api/datasources/uid/{uid}", document)

    def board(self, uid: str) -> FoundBoard | None:
        """The board, None where there is none."""
        answer = self.client.request("GET", f"/api/dashboards/uid/{uid}")
        if answer.status == _NEWER_FORM:
            return FoundBoard(None, version=0, folder="", from_file=False, saved_by="")
        existing = _document_or_none(answer)
        return None if existing is None else _board(existing)

    def saved(self, uid: str, version: int) -> Save | None:
        """That save in the board's history; None where the history does not tell."""
        answer = self.client.request("GET", f"/api/dashboards/uid/{uid}/versions/{version}")
        if answer.status != HTTPStatus.OK or not isinstance(answer.body, dict) or answer.body.get("version") != version:
            return None
        message, document = answer.body.get("message"), answer.body.get("data")
        return Save(message, document if isinstance(document, dict) else {}) if isinstance(message, str) else None

    def save(self, board: Board, existing: FoundBoard | None, folder: str, *, overwrite: bool) -> None:
        """Write the board over the version that was found; overwrite: over any."""
        base = {} if existing is None else {"version": existing.version}
        document = {**board.document, **base}
        order = {"dashboard": document, "folderUid": folder, "overwrite": overwrite, "message": board.mark}
        self._done("POST", "/api/dashboards/db", order)

    def _get(self, path: str) -> Mapping[str, Any] | None:
        return _document_or_none(self.client.request("GET", path))

    def _done(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        answer = self.client.request(method, path, body)
        if answer.status != HTTPStatus.OK:  # 202 too: changes that somebody else may carry out one day
            raise RefusedError(answer.status, answer.message)


def _document_or_none(answer: GrafanaResponse) -> Mapping[str, Any] | None:
    if answer.status == _ABSENT:
        return None
    if answer.status != HTTPStatus.OK:
        raise RefusedError(answer.status, answer.message)
    if not isinstance(answer.body, dict):
        raise GrafanaError(GrafanaErrorKind.NOT_GRAFANA)
    return answer.body


def _board(existing: Mapping[str, Any]) -> FoundBoard:
    document, meta = existing.get("dashboard"), existing.get("meta")
    if not isinstance(document, dict) or not isinstance(meta, dict):
        raise GrafanaError(GrafanaErrorKind.NOT_GRAFANA)
    version = meta.get("version", document.get("version"))
    if not isinstance(version, int):
        raise GrafanaError(GrafanaErrorKind.NOT_GRAFANA)
    from_file = bool(meta.get("provisioned") or meta.get("provisionedExternalId"))
    return FoundBoard(document, version, _text(meta, "folderUid"), from_file, sanitize(_text(meta, "updatedBy")))


def _text(of: Mapping[str, Any], key: str) -> str:
    value = of.get(key, "")
    return value if isinstance(value, str) else ""
