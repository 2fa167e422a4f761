"""Asks the source of a model what its files are and gets their bytes: the only module that uses a network.

huggingface_hub says where the files of a repository are. Its downloader is not used: it cannot be stopped
between two pieces, and tells progress to a bar of its own. Its client is not used either: it sends the
names of installed packages along and, from version 2, asks the hub for more than it is told to. One plain
request, the same for the hub and for any other address, is all that leaves the computer. It honours
HF_ENDPOINT, HF_HUB_OFFLINE, HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and certificates in SSL_CERT_FILE.
"""

import json
import os
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile
from heimdex_desktop.inference.model_manifest import FileRecord, Manifest, Proof

_HUB = "https://huggingface.co"
_READ_BYTES = 1 << 18
_PATIENCE_S = 30.0
_MAX_LISTING_BYTES = 50_000_000
_YES = {"1", "true", "yes", "on"}
_RANGE_REFUSED = 416
_PARTIAL_CONTENT = 206
_OR_IMPORT = "or bring the files another way: Import in the window, or heimdex models import PATH."


class SourceBroke(MachineError):
    """The source stopped in the middle of an answer, or did not answer."""


class RangeRefused(SourceBroke):
    """The source has fewer bytes than were asked to be passed over."""


class SourceRefused(MachineError):
    """The source answered, and the answer was no."""


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a file from `start` on, as they arrive; `total_bytes` is its whole size, if told."""

    start: int
    total_bytes: int | None
    pieces: Iterator[bytes]


def plan(entry: ModelEntry) -> Manifest:
    """Return what the files of a model must be.

    Only where our own list does not say so of each file is the source asked for its listing; what our
    list says wins, and must agree with it. Raises MachineError.
    """
    if entry.is_pinned:
        files = tuple(FileRecord(file.name, file.size_bytes, file.sha256) for file in entry.files)
        return Manifest(entry.name, entry.source, entry.revision, entry.revision, files)
    listing = _listing(entry)
    files = tuple(_listed(entry, file, listing) for file in entry.files)
    return Manifest(entry.name, entry.source, entry.revision, str(listing["sha"]), files)


def address(entry: ModelEntry, revision: str, name: str) -> str:
    """Return where a file of a model is got from."""
    if not entry.repository:
        return f"{entry.source}/{quote(name)}"
    from huggingface_hub import hf_hub_url

    return hf_hub_url(entry.repository, name, revision=revision, endpoint=_endpoint())


@contextmanager
def opened(url: str, start: int = 0) -> Generator[Body]:
    """Ask for a file from byte `start` on; a source that cannot do so begins at 0.

    Raises SourceBroke, also while the pieces are read, and SourceRefused.
    """
    _ensure_online()
    headers = {"User-Agent": "heimdex", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    # The scheme is checked, and the opener knows no other.
    request = urllib.request.Request(_web(url), headers=headers)  # noqa: S310
    with _our_network_errors(url):
        response = _opener().open(request, timeout=_PATIENCE_S)
    with response:
        resumed = response.status == _PARTIAL_CONTENT
        first = start if resumed else 0
        length = response.headers.get("Content-Length", "")
        total = first + int(length) if length.isdecimal() else None
        yield Body(first, total, _pieces(response, url))


def _pieces(response: HTTPResponse, url: str) -> Iterator[bytes]:
    while True:
        with _our_network_errors(url):
            # What has arrived, not a full piece: on a slow line there must be a chance to stop.
            piece = response.read1(_READ_BYTES)
        if not piece:
            return
        yield piece


def _opener() -> urllib.request.OpenerDirector:
    """Return what speaks HTTP and nothing else: no redirect leads to a file of this computer.

    It is made anew each time, for the proxies are those of this moment.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


@contextmanager
def _our_network_errors(url: str) -> Generator[None]:
    host = urlsplit(url).netloc
    try:
        yield
    except HTTPError as error:
        error.close()
        raise _refusal(error.code, url) from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise SourceBroke(
            f"The connection to {host} failed ({reason}).",
            f"Check the connection and the proxy, then try again: it goes on where it stopped; {_OR_IMPORT}",
        ) from error


def _refusal(code: int, url: str) -> MachineError:
    if code == _RANGE_REFUSED:
        return RangeRefused(f"{url} has fewer bytes than are here already.", "Try again.")
    why = {401: "asks for a login", 403: "refuses access", 404: "is not there", 429: "is asked too often"}
    said = why.get(code, f"answers with error {code}")
    return SourceRefused(f"{url} {said}.", f"Try again later, {_OR_IMPORT}")


def _listing(entry: ModelEntry) -> dict[str, Any]:
    """Return what the hub lists about a repository: its commit, and its files with sizes and fingerprints."""
    revision = quote(entry.revision, safe="")
    url = f"{_endpoint()}/api/models/{entry.repository}/revision/{revision}?blobs=true"
    with opened(url) as body:
        content = b""
        for piece in body.pieces:
            content += piece
            if len(content) > _MAX_LISTING_BYTES:
                break
    try:
        listing = json.loads(content)
        by_name = {each["rfilename"]: each for each in listing["siblings"]}
        return {"sha": listing["sha"], "files": by_name}
    except (ValueError, TypeError, KeyError) as error:
        raise SourceRefused(
            f"{url} gives no listing of {entry.repository}.", f"Check HF_ENDPOINT, {_OR_IMPORT}"
        ) from error


def _listed(entry: ModelEntry, file: ModelFile, listing: dict[str, Any]) -> FileRecord:
    found = listing["files"].get(file.name)
    if found is None or not isinstance(found.get("size"), int):
        raise SourceRefused(
            f"“{file.name}” is not among the files of {entry.repository} at {entry.revision}.",
            f"Install a newer Heimdex, {_OR_IMPORT}",
        )
    large = found.get("lfs") or {}
    listed = FileRecord(
        file.name,
        found["size"],
        str(large.get("sha256", "")),
        "" if large else str(found.get("blobId", "")),
        Proof.LISTED,
    )
    if not (listed.sha256 or listed.git_sha1):
        raise SourceRefused(
            f"{entry.repository} lists no fingerprint of “{file.name}”.", f"Check HF_ENDPOINT, {_OR_IMPORT}"
        )
    return _agreed(entry, file, listed)


def _agreed(entry: ModelEntry, file: ModelFile, listed: FileRecord) -> FileRecord:
    """Return our own fingerprint of a file where there is one; the source must not say another."""
    if not file.sha256:
        return listed
    if listed.sha256 and listed.sha256 != file.sha256:
        raise SourceRefused(
            f"{entry.repository} lists another “{file.name}” than the one that Heimdex knows.",
            f"Install a newer Heimdex, {_OR_IMPORT}",
        )
    return FileRecord(file.name, listed.size_bytes, file.sha256)


def _endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or _HUB).rstrip("/")


def _web(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SourceRefused(f"{url} is no address of the web.", "Correct HF_ENDPOINT.")
    return url


def forbidden_by() -> str:
    """Return the variable by which the person has forbidden downloads, "" where none does."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if os.environ.get(variable, "").lower() in _YES:
            return variable
    return ""


def _ensure_online() -> None:
    """Raise MachineError where the person has forbidden the network to the libraries of the hub."""
    if variable := forbidden_by():
        raise MachineError(
            f"Nothing is downloaded while {variable} is set.",
            f"Take {variable} away, {_OR_IMPORT}",
        )
