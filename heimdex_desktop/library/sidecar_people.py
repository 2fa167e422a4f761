"""Takes people out of what sidecars say, wherever their copies lie."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from heimdex_desktop.domain.scene import Scene
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import from_json, to_json
from heimdex_desktop.library.sidecar_store import SIDECAR_SUFFIX

_A_MOMENT = timedelta(milliseconds=1)
_BROKEN = ".broken-"
_DRAFTS = ".heimdex-"


def without_people(content: bytes, gone: Collection[str] | None, *, name: str) -> bytes | None:
    """Return a sidecar without these people, or without anybody (None); None where nobody of them is in it.

    It counts as a moment younger than it was. Raises ForeignSidecar as reading one does.
    """
    sidecar = from_json(content, name=name)
    scenes = tuple(_without(scene, gone) for scene in sidecar.record.scenes)
    if scenes == sidecar.record.scenes:
        return None
    return to_json(replace(sidecar.record, scenes=scenes), sidecar.saved_at + _A_MOMENT)


def sidecar_files(places: Places, videos: Iterable[Path]) -> Iterator[Path]:
    """Yield what is written about these videos: beside them, damaged copies, drafts, and in the library.

    `videos` are all places of videos, whether they are there or not. What cannot be looked at is left out.
    """
    names: dict[Path, set[str]] = {}
    for video in videos:
        names.setdefault(video.parent, set()).add(video.name)
    for folder, its_names in names.items():
        yield from (file for file in _files(folder) if _is_about(file.name, its_names))
    yield from _files(places.sidecars)


def is_damaged_copy(file: Path) -> bool:
    """Tell whether a file is a sidecar that was set aside, or one that was not written to its end."""
    return SIDECAR_SUFFIX + _BROKEN in file.name or file.name.startswith(_DRAFTS)


def _is_about(name: str, videos: Collection[str]) -> bool:
    if name.startswith(_DRAFTS):
        return True
    video, is_sidecar, rest = name.partition(SIDECAR_SUFFIX)
    return bool(is_sidecar) and video in videos and (not rest or rest.startswith(_BROKEN))


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.is_file())
    except OSError:
        return []


def _without(scene: Scene, gone: Collection[str] | None) -> Scene:
    if gone is None:
        return replace(scene, people=(), people_count=None)
    return replace(scene, people=tuple(one for one in scene.people if one.person_id not in gone))
