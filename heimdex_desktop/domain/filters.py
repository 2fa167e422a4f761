"""What a scene can have to meet beside words: where it lies, how long it is, in which language it speaks."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePath

from heimdex_desktop.domain.video import VideoId


class Comparison(StrEnum):
    """How two numbers have to stand to each other, as it is typed."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    def holds(self, left: int, right: int) -> bool:
        match self:
            case Comparison.EQUAL:
                return left == right
            case Comparison.LESS:
                return left < right
            case Comparison.AT_MOST:
                return left <= right
            case Comparison.MORE:
                return left > right
            case Comparison.AT_LEAST:
                return left >= right


class Content(StrEnum):
    """What a scene can hold beside its picture."""

    SPEECH = "speech"
    TEXT = "text"
    FACES = "faces"


@dataclass(frozen=True, slots=True)
class InFolder:
    """A copy of the video lies in a folder with this in its path, as it was typed: `films`, `~/Films`."""

    folder: str

    def holds(self, location: PurePath, home: PurePath) -> bool:
        """Say whether a video's place meets this: a whole path must begin so, anything else be a part of it.

        Case, NFC or NFD, the kind of slash and the number of spaces make no difference; `~` is `home`.
        """
        asked, folder = self.asked(home), folded_folder(location)
        return folder.startswith(asked) if is_whole(asked) else asked in folder

    def asked(self, home: PurePath) -> str:
        """Return what is to be found in a folded folder, at its beginning where `is_whole` says so."""
        asked = _folded(self.folder)
        is_at_home = asked == "~" or asked.startswith("~/")
        return _folded(str(home)).rstrip("/") + asked[1:] if is_at_home else asked


def folded_folder(location: PurePath) -> str:
    """Return the folder of a video's place, spelled for comparing, with a slash at its end."""
    return f"{_folded(str(location.parent))}/"


def is_whole(asked: str) -> bool:
    """Say whether a folded text is a path from its root on."""
    return asked.startswith("/") or asked[1:3] == ":/"


@dataclass(frozen=True, slots=True)
class HasTag:
    """The scene has this tag, spelled as it was typed: its case makes no difference."""

    tag: str


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a month or day of it. Raises ValueError where there is no such day, or no day after it."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        # Computing both is the check: what is no day raises.
        _ = self.first, self.end

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def end(self) -> date:
        """The day after the last."""
        if self.month and self.day:
            return date.fromordinal(self.first.toordinal() + 1)
        if self.month:
            return date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return date(self.year + 1, 1, 1)

    def __str__(self) -> str:
        return self.first.isoformat()[: 10 if self.day else 7 if self.month else 4]


@dataclass(frozen=True, slots=True)
class Since:
    """The video was made on this day or later."""

    day: date


@dataclass(frozen=True, slots=True)
class Before:
    """The video was made before this day."""

    day: date


@dataclass(frozen=True, slots=True)
class During:
    """The video was made on a day of this period."""

    period: Period


@dataclass(frozen=True, slots=True)
class LongerThan:
    """The scene is longer than this."""

    length_ms: int


@dataclass(frozen=True, slots=True)
class ShorterThan:
    """The scene is shorter than this."""

    length_ms: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """The shorter side of the picture, in pixels, compares so: 1080 for full HD, upright or not."""

    comparison: Comparison
    side_px: int


@dataclass(frozen=True, slots=True)
class SpokenIn:
    """The language that is spoken: a BCP 47 tag in lower case, such as `ko` or `pt-br`."""

    language: str

    def holds(self, language: str | None) -> bool:
        """Say whether a transcript's language meets this: `pt` asks for every Portuguese, `pt-br` for one."""
        spoken = (language or "").lower()
        return spoken == self.language or spoken.startswith(f"{self.language}-")


@dataclass(frozen=True, slots=True)
class PersonCount:
    """The number of people in the scene, known or not, compares so."""

    comparison: Comparison
    count: int


@dataclass(frozen=True, slots=True)
class Has:
    """The scene holds this."""

    content: Content


@dataclass(frozen=True, slots=True)
class OfVideo:
    """The scene belongs to this video. It is pointed at, never typed."""

    video_id: VideoId


Condition = (
    InFolder
    | HasTag
    | Since
    | Before
    | During
    | LongerThan
    | ShorterThan
    | Resolution
    | SpokenIn
    | PersonCount
    | Has
)


@dataclass(frozen=True, slots=True)
class Not:
    """The scene does not meet this."""

    condition: Condition


Filter = Condition | Not | OfVideo
"""What a scene has to meet. All filters of a query have to be met."""


def _folded(path: str) -> str:
    return " ".join(unicodedata.normalize("NFC", path).replace("\\", "/").casefold().split())
