"""Writes down when somebody is seen, as subtitles or as a table."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import write_whole
from heimdex_desktop.ui.people_seam import ExportKind

Written = Callable[[Sequence[VideoId], str], str]
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What some system does not allow in the name of a file."""
_LONGEST_STEM = 80


def write_presence(
    written: Written, videos: Sequence[tuple[VideoId, str]], kind: ExportKind, place: Path
) -> str:
    """Write all into the file `place`; subtitles of several videos each into a file in the folder `place`.

    `videos` are ids with names; `written` gives the text for some videos in the form of a kind. Returns a
    sentence that says what was written. Raises DiskFull and NoAccess.
    """
    if kind is ExportKind.CSV or len(videos) == 1:
        _save(place, written([video_id for video_id, _ in videos], kind.value))
        return f"Written to {place}."
    for target, video_id in files_in(place, videos, kind):
        _save(target, written([video_id], kind.value))
    return f"{len(videos):,} files were written to {place}."


def files_in(
    folder: Path, videos: Sequence[tuple[VideoId, str]], kind: ExportKind
) -> list[tuple[Path, VideoId]]:
    """Return a file for each video, named after it; videos of one name get numbers, and nothing is hidden."""
    taken: set[str] = set()
    files: list[tuple[Path, VideoId]] = []
    for video_id, name in videos:
        stem = first = _UNFIT.sub("_", Path(name).stem).strip(". ")[:_LONGEST_STEM] or "video"
        number = 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{first} ({number})"
        taken.add(stem.casefold())
        files.append((folder / f"{stem}.{kind.value}", video_id))
    return files


def _save(place: Path, text: str) -> None:
    write_whole(place, text.encode("utf-8"))
