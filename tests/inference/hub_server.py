"""A hub of models on this computer, in a thread: it lists, resumes, and misbehaves as it is told."""

import hashlib
import json
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from heimdex_desktop.inference.model_disk import git_sha1

COMMIT = "c0ffee" + "0" * 34
_PIECE_BYTES = 1 << 16


@dataclass
class Hub:
    """What the server has and does. `files` are by repository and name; the others tell how it misbehaves.

    `sent_instead`: other bytes for a file than the listing says. `breaks_after`: so many bytes of a file are
    sent in one answer, then the connection ends; `hangs` makes it stay open instead, until `release` is set.
    """

    url: str = ""
    files: dict[str, dict[str, bytes]] = field(default_factory=dict[str, dict[str, bytes]])
    sent_instead: dict[str, bytes] = field(default_factory=dict[str, bytes])
    redirects: bool = False
    knows_ranges: bool = True
    lists: bool = True
    breaks_after: int = 0
    hangs: bool = False
    release: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def starts(self, name: str) -> list[int]:
        """Return from which byte on a file was asked for, each time."""
        return [start for path, start in self.asked if path.endswith(f"/{name}")]

    def listing(self, repository: str) -> dict[str, Any]:
        siblings = [_sibling(name, content) for name, content in self.files[repository].items()]
        return {"id": repository, "sha": COMMIT, "siblings": siblings}


def _sibling(name: str, content: bytes) -> dict[str, Any]:
    facts: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": git_sha1(content)}
    if name.endswith((".safetensors", ".bin", ".onnx")):
        sha256 = hashlib.sha256(content).hexdigest()
        facts |= {"blobId": "0" * 40, "lfs": {"sha256": sha256, "size": len(content), "pointerSize": 134}}
    return facts


@contextmanager
def running_hub() -> Generator[Hub]:
    """Serve a hub until the end of the block."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(hub, self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(hub: Hub, request: BaseHTTPRequestHandler) -> None:
    path = unquote(urlsplit(request.path).path)
    start = int((re.match(r"bytes=(\d+)-", request.headers.get("Range", "")) or ["", "0"])[1])
    hub.asked.append((path, start))
    if listed := re.fullmatch(r"/api/models/(.+?)/revision/(.+)", path):
        _list(hub, request, listed[1])
    elif resolved := re.fullmatch(r"(?:/cdn)?/(.+?)/resolve/([^/]+)/(.+)", path):
        if hub.redirects and not path.startswith("/cdn"):
            _head(request, 302, 0, Location=f"{hub.url}/cdn{path}")
        else:
            _send(hub, request, resolved[1], resolved[3], start)
    else:
        _head(request, 404, 0)


def _list(hub: Hub, request: BaseHTTPRequestHandler, repository: str) -> None:
    if not (hub.lists and repository in hub.files):
        _head(request, 404, 0)
        return
    content = json.dumps(hub.listing(repository)).encode()
    _head(request, 200, len(content))
    request.wfile.write(content)


def _send(hub: Hub, request: BaseHTTPRequestHandler, repository: str, name: str, start: int) -> None:
    content = hub.sent_instead.get(name, hub.files.get(repository, {}).get(name))
    if content is None:
        _head(request, 404, 0)
    elif start and hub.knows_ranges and start >= len(content):
        _head(request, 416, 0)
    elif start and hub.knows_ranges:
        told = f"bytes {start}-{len(content) - 1}/{len(content)}"
        _head(request, 206, len(content) - start, **{"Content-Range": told})
        _write(hub, request, content[start:])
    else:
        _head(request, 200, len(content))
        _write(hub, request, content)


def _write(hub: Hub, request: BaseHTTPRequestHandler, content: bytes) -> None:
    limit = hub.breaks_after or len(content)
    for at in range(0, min(limit, len(content)), _PIECE_BYTES):
        request.wfile.write(content[at : min(at + _PIECE_BYTES, limit)])
    request.wfile.flush()
    if limit < len(content):
        if hub.hangs:
            hub.release.wait()
        request.close_connection = True


def _head(request: BaseHTTPRequestHandler, status: int, length: int, **headers: str) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(length))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
