"""Which subtitle files belong to a video, what their names say, and which is best."""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from heimdex_desktop.domain.video import SubtitleTrack
from heimdex_desktop.media.access import access_error, is_folder
from heimdex_desktop.media.languages import from_file_mark

_SUFFIXES = frozenset({".srt", ".vtt", ".ass", ".ssa"})
_FORCED = "forced"
_AFTER_ALL = "\U0010ffff"
# Written out for people who do not hear: "hi" only after a language, alone it is Hindi.
_WITH_SOUNDS = frozenset({"sdh", "cc", "hi"})
_NEUTRAL = frozenset({"default", "full", "sub", "subs", "subtitle", "subtitles", "auto", "orig"})
_VIDEO_SUFFIXES = frozenset(
    {".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts"}
    | {".webm", ".wmv"}
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What the pieces between a video's name and the suffix say, as in `clip.pt-BR.forced.srt`."""

    language: str | None = None
    is_forced: bool = False
    has_sounds: bool = False
    is_default: bool = False

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Smaller is better: whole dialogue, words only, then what is meant for everybody."""
        return (self.is_forced, self.has_sounds, self.language is not None and not self.is_default)


class FolderListing:
    """The files of one folder, ready to be asked for many videos: listed once, found by name at once."""

    def __init__(self, folder: Path) -> None:
        """List the folder. Raises FileGone or NoAccess."""
        try:
            entries = [(_key(path.name), path) for path in folder.iterdir()]
        except OSError as fault:
            raise access_error(folder, fault) from fault
        entries.sort()
        self._keys = [key for key, _ in entries]
        self._paths = [path for _, path in entries]

    def starting_with(self, name: str) -> Sequence[Path]:
        """Return the paths whose names begin so, whatever the letter case and Unicode composition."""
        key = _key(name)
        first = bisect_left(self._keys, key)
        last = bisect_left(self._keys, key + _AFTER_ALL, lo=first)
        return self._paths[first:last]


def find_subtitle_files(video: Path, listing: FolderListing | None = None) -> tuple[Path, ...]:
    """List the subtitle files beside a video, best first (see `by_preference`).

    A file belongs when its name is the video's (`clip.srt`, `clip.mp4.srt`), or that and marks for a
    language or a kind (`clip.en.srt`, `clip.pt-BR.forced.srt`), unless another video's name fits
    better. Letter case and Unicode composition do not matter. `listing` is the video's folder, where
    the caller has many videos to ask for. Raises FileGone or NoAccess.
    """
    beside = (listing or FolderListing(video.parent)).starting_with(video.stem)
    videos = {_key(path.stem) for path in beside if path.suffix.lower() in _VIDEO_SUFFIXES}
    others = videos - {_key(video.stem)}
    mine = [path for path in beside if _belongs(path, video) and _key(path.stem) not in others]
    return tuple(sorted((path for path in mine if not is_folder(path)), key=_file_rank))


def by_preference(files: Sequence[Path], tracks: Sequence[SubtitleTrack]) -> tuple[Path | SubtitleTrack, ...]:
    """Order all places where the words may stand, best first; the first that can be read is the one.

    Whole dialogue comes before forced parts, wherever it stands. Then a file beside the video comes
    before a track inside it, because a person put it there. Then plain words before those that
    describe sounds, unmarked or default files before those for a language, and names by alphabet;
    tracks keep their order.
    """
    forced_files = [file for file in sorted(files, key=_file_rank) if marks_of(file).is_forced]
    whole_files = [file for file in sorted(files, key=_file_rank) if file not in forced_files]
    forced_tracks = [track for track in tracks if _FORCED in track.title.lower()]
    whole_tracks = [track for track in tracks if track not in forced_tracks]
    return (*whole_files, *whole_tracks, *forced_files, *forced_tracks)


def marks_of(file: Path) -> Marks:
    """Read the marks at the end of a subtitle file's name."""
    marks = Marks()
    for piece in reversed(file.stem.split(".")[1:]):
        more = _read_mark(marks, piece)
        # A name such as "This.Is.It" ends in a word, not in a language: those are not capitalised.
        if more is None or (more.language != marks.language and piece.istitle()):
            break
        marks = more
    return marks


def _read_mark(marks: Marks, piece: str) -> Marks | None:
    """Add what one piece says to the marks that stand behind it; None where it is no mark."""
    word = piece.lower()
    if word == _FORCED:
        return replace(marks, is_forced=True)
    if word in _NEUTRAL:
        return replace(marks, is_default=marks.is_default or word == "default")
    language = from_file_mark(piece)
    if language and marks.language:
        # Only "en.hi": the piece behind the language was not one.
        return replace(marks, language=language, has_sounds=True) if marks.language == "hi" else None
    if language:
        return replace(marks, language=language)
    return replace(marks, has_sounds=True) if word in _WITH_SOUNDS else None


def _belongs(path: Path, video: Path) -> bool:
    if path.suffix.lower() not in _SUFFIXES:
        return False
    name = _key(path.stem)
    return any(_is_marked_only(name, _key(owner)) for owner in (video.name, video.stem))


def _is_marked_only(name: str, owner: str) -> bool:
    """Whether nothing but marks stands behind the owner's name."""
    if not name.startswith(owner):
        return False
    rest = name[len(owner) :]
    marks: Marks | None = Marks()
    for piece in reversed(rest.split(".")[1:]):
        marks = None if marks is None else _read_mark(marks, piece)
    return not rest or (rest.startswith(".") and marks is not None)


def _file_rank(file: Path) -> tuple[tuple[bool, bool, bool], str, str]:
    return (marks_of(file).rank, _key(file.name), file.name)


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
