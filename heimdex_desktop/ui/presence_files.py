"""Writes down when somebody is seen, as subtitles or as a table."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import told_plainly, write_whole
from heimdex_desktop.ui.people_seam import ExportKind

Written = Callable[[Sequence[VideoId], str], str]
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What some system does not allow in the name of a file."""
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""The names of devices: on Windows no file can be called so, whatever comes after a dot."""
_LONGEST_PART_BYTES = 100
"""Two of these, a number and an ending stay below the 255 bytes that a name may have."""


def write_presence(
    written: Written, who: str, videos: Sequence[tuple[VideoId, str]], kind: ExportKind, place: Path
) -> str:
    """Write all into the file `place`; subtitles of several videos each into a file in the folder `place`.

    `who` is the name of the person, `videos` are ids with names; `written` gives the text for some videos in
    the form of a kind. Returns a sentence that says what was written. In a folder no file is replaced.
    Raises DiskFull and NoAccess.
    """
    if kind is ExportKind.CSV or len(videos) == 1:
        _save(place, written([video_id for video_id, _ in videos], kind.value))
        return f"Written to {place}."
    for target, video_id in files_in(place, who, videos, kind):
        _save(target, written([video_id], kind.value))
    return f"{len(videos):,} files were written to {place}."


def files_in(
    folder: Path, who: str, videos: Sequence[tuple[VideoId, str]], kind: ExportKind
) -> list[tuple[Path, VideoId]]:
    """Return a file for each video, named after it and the person.

    None is there yet: names that are taken, as by somebody's own subtitles, get numbers. Nothing is hidden.
    Raises NoAccess.
    """
    with told_plainly(folder):
        taken = {_as_one(file.name) for file in folder.iterdir()} if folder.is_dir() else set[str]()
    files: list[tuple[Path, VideoId]] = []
    for video_id, video in videos:
        first = f"{_fit(Path(video).stem, 'video')} - {_fit(who, 'somebody')}"
        stems = (f"{first} ({number})" if number > 1 else first for number in count(1))
        name = next(name for stem in stems if _as_one(name := f"{stem}.{kind.value}") not in taken)
        taken.add(_as_one(name))
        files.append((folder / name, video_id))
    return files


def table_name(who: str) -> str:
    """Return a name for a table about somebody."""
    return f"{_fit(who, 'somebody')}.{ExportKind.CSV.value}"


def _fit(name: str, otherwise: str) -> str:
    """Return a name as part of the name of a file, as every system takes it."""
    whole = _UNFIT.sub("_", name).strip(". ").encode("utf-8", "ignore")
    part = whole[:_LONGEST_PART_BYTES].decode("utf-8", "ignore").strip(". ") or otherwise
    return f"_{part}" if _RESERVED.match(part) else part


def _as_one(name: str) -> str:
    """Return the same for names that are one file on some system: in large or small letters, or composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _save(place: Path, text: str) -> None:
    write_whole(place, text.encode("utf-8"))
