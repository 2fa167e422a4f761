"""A question, and the scenes that answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop.domain.filters import Filter, OfVideo
from heimdex_desktop.domain.people import Who, asks_for_somebody
from heimdex_desktop.domain.scene import SceneId, SeenPerson, Sight
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.domain.work import Failure

if TYPE_CHECKING:
    # It brings numpy, which the window does without until it is painted.
    from heimdex_desktop.domain.contracts import Picture


class Channel(StrEnum):
    """A way in which a scene can match."""

    SAID = "said"
    SEEN = "seen"
    TAGS = "tags"
    TEXT = "text"
    WHO = "who"


class Verdict(StrEnum):
    """How convincing the best hit is."""

    GOOD = "good"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about the letters `[start, end)` of what was typed, such as why they are no date."""

    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asks for.

    `text` is what is to be encoded: free words and phrases without operators. `words` are its parts,
    `phrases` the quoted ones, and `free` is the same with its quotes. `without` are words and phrases that a
    scene must not be about, `filters` and `people` what it has to meet. `typed` is everything, as it came,
    and `notes` say what in it was not understood; they make no difference between two queries.
    """

    text: str
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    people: Who | None = None
    without: tuple[str, ...] = ()
    sequence: "QuerySequence | None" = None
    free: str = ""
    typed: str = field(default="", compare=False)
    notes: tuple[Note, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare scenes with; there may be conditions all the same."""
        return not self.words and not self.phrases

    @property
    def ranks(self) -> bool:
        """Whether it orders scenes: by its words, or by how surely those are there who are asked for."""
        return not self.is_empty or asks_for_somebody(self.people)

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is asked for."""
        has_conditions = self.filters or self.people or self.without or self.sequence
        return self.is_empty and not has_conditions

    @property
    def asked(self) -> str:
        """What tells this question from others in the eyes of a person: what was typed, or the text."""
        return self.typed or self.text


@dataclass(frozen=True, slots=True)
class QuerySequence:
    """Scenes of one video, in this order, each at most `within_ms` after the one before."""

    parts: tuple[Query, ...]
    within_ms: int


@dataclass(frozen=True, slots=True)
class LikeScene:
    """Asks for other scenes that are like this one: in how they look and in what is said."""

    scene_id: SceneId


@dataclass(frozen=True, slots=True, eq=False)
class LikePicture:
    """Asks for scenes that look like a picture; two of them are the same only where they are one object."""

    picture: "Picture"


Like = LikeScene | LikePicture
Beside = OfVideo | Like
"""What a person points at beside the words that are typed."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that a person keeps under a name, with how far each channel is turned up or down."""

    name: str
    text: str
    faders: Mapping[Channel, float] = field(default_factory=dict[Channel, float])


@dataclass(frozen=True, slots=True)
class FoundScene:
    """What the index knows of a scene.

    `still` is a file name relative to the stills folder, `screen_text` the lines that stand in the picture.
    `said_at_ms` are the moments at which lines of the transcript are said, `said_from` the letters at which
    they begin in it, and `screen_at_ms` the moments at which the lines of `screen_text` were seen.
    `people` are those who were recognised, the surest first, and `people_count` is how many faces are seen at
    once, None where nobody looked.
    """

    id: SceneId
    video_id: VideoId
    locations: tuple[Path, ...]
    span: TimeSpan
    transcript: str = ""
    language: str | None = None
    tags: Mapping[str, float] = field(default_factory=dict[str, float])
    still: str = ""
    screen_text: str = ""
    said_at_ms: tuple[int, ...] = ()
    said_from: tuple[int, ...] = ()
    screen_at_ms: tuple[int, ...] = ()
    people: tuple[SeenPerson, ...] = ()
    people_count: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a channel says: its score, and the share of the query that it speaks to (both 0..1).

    The score is that of the share; only for text on screen it is, as for what is said, that of the whole.
    `cosine` is the nearness of the vectors that the score comes from, where it comes from any.
    """

    score: float
    explained: float = 1.0
    cosine: float | None = None


Channels = Mapping[Channel, Evidence]
"""What the channels of a scene say of a query; those that it does not have are left out."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scene matched: the channel, how (such as "exact words" or "tag"), and the words to mark.

    Of somebody who is seen, the name is the word, `confidence` says how sure that is (0..1), and `sight` when
    and where their face is.
    """

    channel: Channel
    how: str
    words: tuple[str, ...] = ()
    confidence: float | None = None
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A scene that answers; scores lie in 0..1, a channel the scene does not have is None.

    `near` are scenes right before or after it that answer less well, `copies` the same scene elsewhere,
    `then` what follows it where a sequence of scenes was asked for. `found_at_ms` is when in the scene it is
    that answers: a line begins, or somebody comes in. None where nothing tells.
    """

    rank: int
    score: float
    scene: FoundScene
    channels: Mapping[Channel, float | None]
    because: tuple[Reason, ...] = ()
    near: tuple[FoundScene, ...] = ()
    copies: tuple[FoundScene, ...] = ()
    then: tuple[FoundScene, ...] = ()
    found_at_ms: int | None = None

    @property
    def at_ms(self) -> int:
        """The moment to show: when it is that answers, or else the beginning of the scene."""
        return self.scene.span.start_ms if self.found_at_ms is None else self.found_at_ms

    @property
    def sight(self) -> Sight | None:
        """The face to show: of those who are asked for, that of whom it is surest that they are seen."""
        return next((reason.sight for reason in self.because if reason.sight), None)


@dataclass(frozen=True, slots=True)
class HitPictures:
    """Where the still of a hit's scene lies, and the face to show; None for what it has not."""

    still: Path | None = None
    face: Path | None = None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Where a scene stands that a person expected: `rank` among `judged` scenes, 1 is the best.

    `shown_at` is the rank of the hit that shows it, also behind another scene; None where none does. A scene
    that does not meet the conditions has no rank; `unmet` are those of them that are about people.
    """

    scene: FoundScene
    rank: int | None
    judged: int
    score: float
    best: float
    channels: Mapping[Channel, float | None]
    shown_at: int | None = None
    unmet: tuple[str, ...] = ()

    @property
    def meets_conditions(self) -> bool:
        return self.rank is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits for a query, best first, with how convincing they are.

    `beside` is what was pointed at beside the typed words. `trouble` is why the question cannot be answered
    at all; then there are no hits.
    """

    query: Query
    took_ms: int
    verdict: Verdict
    hits: tuple[Hit, ...] = ()
    beside: Beside | None = None
    trouble: Failure | None = None

    @property
    def is_browse(self) -> bool:
        """Whether nothing was asked, neither by words nor by pointing."""
        return self.query.is_blank and self.beside is None
