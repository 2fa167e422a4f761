"""Fills in the sizes and fingerprints that resources/models.toml lacks, from what the sources list.

    python packaging/pin_models.py [--list FILE] [NAME…]

Small files have no SHA-256 in a listing: they are downloaded and compared with their name in Git. A revision
"main" becomes the commit that it stands for at this moment. The rest of the file stays as it is, and a
fingerprint that is there is never changed: a source that lists another is told and ends the run.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from heimdex_desktop.domain.errors import HeimdexError, MachineError  # noqa: E402
from heimdex_desktop.inference.model_disk import git_sha1  # noqa: E402
from heimdex_desktop.inference.model_list import ModelEntry, known_models  # noqa: E402
from heimdex_desktop.inference.model_manifest import FileRecord, Manifest  # noqa: E402
from heimdex_desktop.inference.model_source import address, opened, plan  # noqa: E402


def main(words: Sequence[str]) -> int:
    """Pin the models that are named, or all that need it; return 0, or 1 where one could not be pinned."""
    parser = argparse.ArgumentParser(description="Fill in the fingerprints that the list of models lacks.")
    parser.add_argument("--list", type=Path, default=ROOT / "resources" / "models.toml", metavar="FILE")
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args(words)
    models = known_models(asked.list).models
    failed = False
    for name in asked.names or [name for name, entry in models.items() if not entry.is_pinned]:
        try:
            manifest = _pinned(models[name])
        except HeimdexError as error:
            sys.stderr.write(f"{name}: {error}\n")
            failed = True
            continue
        asked.list.write_text(_filled_in(asked.list.read_text("utf-8"), name, manifest), "utf-8")
        sys.stdout.write(f"{name}: {len(manifest.files)} files at {manifest.revision}\n")
    known_models(asked.list)
    return int(failed)


def _pinned(entry: ModelEntry) -> Manifest:
    manifest = plan(entry)
    files = tuple(_with_sha256(entry, manifest.revision, record) for record in manifest.files)
    return Manifest(entry.name, entry.source, entry.revision, manifest.revision, files)


def _with_sha256(entry: ModelEntry, revision: str, record: FileRecord) -> FileRecord:
    if record.sha256:
        return record
    with opened(address(entry, revision, record.name)) as body:
        content = b"".join(body.pieces)
    if git_sha1(content) != record.git_sha1:
        raise MachineError(f"“{record.name}” is not the file that its source lists.")
    return FileRecord(record.name, len(content), hashlib.sha256(content).hexdigest())


def _filled_in(text: str, name: str, manifest: Manifest) -> str:
    """Return the list with the facts of one model in its section."""
    start = text.index(f"[models.{name}]\n")
    end = text.find("\n[", start + 1)
    section = text[start:] if end < 0 else text[start:end]
    section = re.sub(r'(?m)^revision = ".*"$', f'revision = "{manifest.revision}"', section)
    for record in manifest.files:
        facts = f'name = "{record.name}", size = {record.size_bytes}, sha256 = "{record.sha256}"'
        section = re.sub(rf'\{{ name = "{re.escape(record.name)}"[^}}]*\}}', f"{{ {facts} }}", section)
    # With every size known there is nothing left to estimate.
    section = re.sub(r"(?m)^size_mb = .*\n", "", section)
    return text[:start] + section + ("" if end < 0 else text[end:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
