"""A hub on the loopback interface: the HTTP API that `huggingface_hub` and `datasets` really call.

Serves repositories held in memory. Routes: repository and revision info, tree, paths-info, resolve with the
headers that clients read (ETag, X-Repo-Commit, ranges). There is no Xet and no datasets server, as on a plain
mirror. Faults can be armed: an HTTP status, or a body that is cut off in the middle.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from .listing import entry, json_paths, split_revision, tree


@dataclass(frozen=True)
class Repository:
    """Files of one repository per branch; a commit is the hash of a branch's content."""

    kind: str
    name: str
    branches: Mapping[str, Mapping[str, bytes]]
    pinned: Mapping[str, str] = field(default_factory=dict)
    """Commits by branch where the real repository's is pinned."""

    def commit(self, branch: str) -> str:
        if branch in self.pinned:
            return self.pinned[branch]
        if re.fullmatch(r"[0-9a-f]{40}", branch):  # a real commit that a task pins: it is its own name
            return branch
        sha = hashlib.sha1(f"{self.kind}/{self.name}/{branch}".encode())
        for path, body in sorted(self.branches[branch].items()):
            sha.update(path.encode() + hashlib.sha1(body).digest())
        return sha.hexdigest()

    def files(self, revision: str) -> tuple[str, Mapping[str, bytes]] | None:
        """(commit, files) of a branch or commit."""
        for branch, held in self.branches.items():
            if revision in (branch, f"refs/heads/{branch}", self.commit(branch)):
                return self.commit(branch), held
        return None


@dataclass
class Fault:
    """What goes wrong for paths that match, and how often (None: always)."""

    pattern: str
    status: int | None = None
    """HTTP status; None cuts the body after a third of it."""
    times: int | None = None
    seen: int = 0


@dataclass
class LoopbackHub:
    """The server. Use as a context manager; `url` is what HF_ENDPOINT must name."""

    repositories: Mapping[tuple[str, str], Repository]
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> LoopbackHub:
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if re.search(fault.pattern, path) and (fault.times is None or fault.seen < fault.times):
                fault.seen += 1
                return fault
        return None


_API = re.compile(r"/api/(datasets|models)/([^/]+/[^/]+)(?:/(revision|tree|paths-info|refs)(?:/(.*))?)?")
_RESOLVE = re.compile(r"/(?:(datasets)/)?([^/]+/[^/]+)/resolve/(refs/[^/]+/[^/]+|[^/]+)/(.+)")


class _Handler(BaseHTTPRequestHandler):
    hub: LoopbackHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        split = urlsplit(self.path)
        path = unquote(split.path)
        self.hub.requests.append(f"{self.command} {path}")
        fault = self.hub.fault(path) if self.command != "HEAD" or "resolve" not in path else None
        if fault is not None and fault.status is not None:
            self._json({"error": f"fault {fault.status}"}, fault.status)
            return None
        if found := _API.fullmatch(path):
            return self._api(found, parse_qs(split.query), body)
        if found := _RESOLVE.fullmatch(path):
            kind, name, revision, file = found.groups()
            return self._file(
                "dataset" if kind else "model", name, unquote(revision), file, cut=fault is not None
            )
        self._json({"error": "not found"}, 404)
        return None

    def _api(self, found: re.Match[str], query: dict[str, list[str]], body: bytes) -> None:
        kinds, name, verb, rest = found.groups()
        repository = self.hub.repositories.get((kinds[:-1], name))
        if repository is None:
            self._json({"error": "Repository not found"}, 404, {"X-Error-Code": "RepoNotFound"})
            return
        revision, inner = split_revision(rest or "main")
        if verb == "refs":
            branches = [
                {"name": branch, "ref": f"refs/heads/{branch}", "targetCommit": repository.commit(branch)}
                for branch in repository.branches
            ]
            self._json({"branches": branches, "tags": [], "converts": []})
            return
        held = repository.files(revision)
        if held is None:
            self._json({"error": "Invalid rev id"}, 404, {"X-Error-Code": "RevisionNotFound"})
            return
        commit, files = held
        if verb in (None, "revision"):
            self._json(
                {
                    "_id": "0" * 24,
                    "id": name,
                    "sha": commit,
                    "private": False,
                    "gated": False,
                    "disabled": False,
                    "tags": [],
                    "downloads": 0,
                    "likes": 0,
                    "lastModified": "2024-02-22T00:00:00.000Z",
                    "createdAt": "2022-03-02T00:00:00.000Z",
                    "siblings": [{"rfilename": path} for path in sorted(files)],
                }
            )
            return
        if verb == "tree":
            recursive = query.get("recursive", ["false"])[0].lower() in ("true", "1")
            listed = tree(files, inner, recursive)
            if not listed and inner:
                self._json({"error": "no such path"}, 404, {"X-Error-Code": "EntryNotFound"})
                return
            self._json(listed)
            return
        asked = parse_qs(body.decode()).get("paths") or json_paths(body)
        listed = [found for path in asked for found in entry(files, path)]
        self._json(listed)
        return

    def _file(self, kind: str, name: str, revision: str, file: str, cut: bool) -> None:
        repository = self.hub.repositories.get((kind, name))
        if repository is None:
            self._json({"error": "Repository not found"}, 404, {"X-Error-Code": "RepoNotFound"})
            return
        held = repository.files(revision)
        if held is None:
            self._json({"error": "Invalid rev id"}, 404, {"X-Error-Code": "RevisionNotFound"})
            return
        commit, files = held
        if file not in files:
            headers = {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit}
            self._json({"error": "Entry not found"}, 404, headers)
            return
        body = files[file]
        total, status = len(body), 200
        headers = {
            "ETag": f'"{hashlib.sha1(body).hexdigest()}"',
            "X-Repo-Commit": commit,
            "Accept-Ranges": "bytes",
            "Content-Type": "application/octet-stream",
        }
        if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            first, last = int(asked[1]), min(int(asked[2] or total - 1), total - 1)
            body, status = body[first : last + 1], 206
            headers["Content-Range"] = f"bytes {first}-{last}/{total}"
        self.send_response(status)
        for key, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 3] if cut else body)
        if cut:
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def _json(self, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for key, text in (headers or {}).items():
            self.send_header(key, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
