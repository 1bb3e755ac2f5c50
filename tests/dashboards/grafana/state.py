"""What a Grafana remembers and how it answers, as its source has it: pkg/api of Grafana 11 to 13, folders to boards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Reply = tuple[int, Any]

ROLES = ("Viewer", "Editor", "Admin")


@dataclass
class Save:
    """One version of a board."""

    document: dict[str, Any]
    message: str
    by: str


@dataclass
class Board:
    """A board with its history, newest last."""

    folder: str
    saves: list[Save] = field(default_factory=list)
    file: str = ""
    newer_form: bool = False


def refused(action: str) -> Reply:
    """What access control says."""
    said = f"You'll need additional permissions to perform this action. Permissions needed: {action}"
    return 403, {"accessErrorId": "ACE0123456789", "message": said, "title": "Access denied"}


@dataclass
class State:
    """Everything behind the API.

    migrates: what is stored is not what was sent, as since Grafana 12; conflict: the status for a version that is not
    the newest, 409 in newer ones of Grafana 13; hidden: folders that only administrators see.
    """

    role: str = "Admin"
    migrates: bool = True
    conflict: int = 412
    folders: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)

    def folder(self, uid: str) -> Reply:
        if uid not in self.folders or uid in self.hidden:
            if not self.may("Admin"):  # folders:read is asked for this very folder, before it is looked for
                return refused("folders:read")
            return 404, {"message": "folder not found", "status": "not-found"}
        return 200, {"id": 1, "uid": uid, "title": self.folders[uid], "version": 1}

    def add_folder(self, body: Mapping[str, Any]) -> Reply:
        if not self.may("Editor"):
            return refused("folders:create")
        if not body.get("title"):
            return 400, {"message": "folder title cannot be empty"}
        if body["uid"] in self.folders:
            return 409, {"message": "a folder/dashboard with the same uid already exists"}
        self.folders[body["uid"]] = body["title"]
        return self.folder(body["uid"])

    def source(self, uid: str) -> Reply:
        if not self.may("Admin"):
            return refused("datasources:read")
        if uid not in self.sources:
            return 404, {"message": "Data source not found"}
        return 200, self.sources[uid]

    def add_source(self, body: Mapping[str, Any]) -> Reply:
        if not self.may("Admin"):
            return refused("datasources:create")
        if body["uid"] in self.sources:
            return 409, {"message": "data source with the same uid already exists"}
        if body["name"] in {source["name"] for source in self.sources.values()}:
            return 409, {"message": "data source with the same name already exists"}
        if body.get("isDefault"):
            self.sources = {uid: {**source, "isDefault": False} for uid, source in self.sources.items()}
        own = {"id": len(self.sources) + 1, "orgId": 1, "readOnly": False, "version": 1, "secureJsonFields": {}}
        self.sources[body["uid"]] = {**body, **own}
        return 200, {"message": "Datasource added", "datasource": self.sources[body["uid"]]}

    def set_source(self, uid: str, body: Mapping[str, Any]) -> Reply:
        status, known = self.source(uid)
        if status != 200:
            return status, known
        if known["readOnly"]:
            return 403, {"message": "Cannot update read-only data source"}
        if body.get("version", 0) < known["version"]:
            return 409, {"message": "Datasource has already been updated by someone else. Please reload and try again"}
        secrets = known["secureJsonFields"]
        self.sources[uid] = {**body, "version": known["version"] + 1, "secureJsonFields": secrets}
        return 200, {"message": "Datasource updated", "datasource": self.sources[uid]}

    def board(self, uid: str) -> Reply:
        board = self.boards.get(uid)
        if board is None:
            return 404, {"message": "Dashboard not found"}
        if board.newer_form:
            path = f"/apis/dashboard.grafana.app/v2/namespaces/default/dashboards/{uid}"
            return 406, {"message": f"dashboard api version not supported, use {path} instead"}
        newest, version = board.saves[-1], len(board.saves)
        meta = {"version": version, "folderUid": board.folder, "updatedBy": newest.by, "provisioned": bool(board.file)}
        meta |= {"provisionedExternalId": board.file}
        return 200, {"meta": meta, "dashboard": {**newest.document, "id": 7, "version": version}}

    def version(self, uid: str, number: int) -> Reply:
        board = self.boards.get(uid)
        if not self.may("Editor"):
            return refused("dashboards:write")
        if board is None or not 0 < number <= len(board.saves):
            return 500, {"message": f"Dashboard version {number} not found for dashboardId 7"}
        save = board.saves[number - 1]
        return 200, {"version": number, "message": save.message, "createdBy": save.by, "data": save.document}

    def save(self, body: Mapping[str, Any], by: str) -> Reply:
        """`POST /api/dashboards/db`."""
        sent, folder = dict(body["dashboard"]), body.get("folderUid", "")
        board = self.boards.get(sent["uid"])
        fault = self._fault(body, board)
        if fault is not None:
            return fault
        board = self.boards.setdefault(sent["uid"], Board(folder))
        sent.pop("version", None)
        if self.migrates:
            sent |= {"schemaVersion": 42, "preload": False}
        board.folder, board.newer_form = folder, False
        board.saves.append(Save(sent, body.get("message", ""), by))
        return 200, {"status": "success", "uid": sent["uid"], "version": len(board.saves), "folderUid": folder}

    def _fault(self, body: Mapping[str, Any], board: Board | None) -> Reply | None:
        sent = body["dashboard"]
        if not self.may("Editor"):
            return refused("dashboards:create")
        if not sent.get("title"):
            return 400, {"status": "empty-name", "message": "Dashboard title cannot be empty"}
        if len(sent["uid"]) > 40:
            return 400, {"message": "uid too long, max 40 characters"}
        if len(body.get("message", "")) > 500:
            return 400, {"message": "message too long, max 500 characters"}
        if board is not None and board.file:
            return 400, {"message": "Cannot save provisioned dashboard"}
        if body.get("folderUid") and body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        if board is not None and sent.get("version", 0) != len(board.saves) and not body.get("overwrite"):
            if self.conflict == 409:
                return 409, {"message": "Dashboard already exists. Use overwrite flag to update."}
            return 412, {"status": "version-mismatch", "message": "The dashboard has been changed by someone else"}
        return None
