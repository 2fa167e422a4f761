"""Libraries of real clips, photos and transcripts with known truth, which are not part of this repository."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from heimdex_desktop.domain.contracts import Picture, TextEncoder, Vectors
from heimdex_desktop.domain.scene import Scene, Segment, Transcript, scene_id, with_transcript
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from heimdex_desktop.inference.tagger import ZeroShotTagger
from heimdex_desktop.inference.vocabulary import Vocabulary
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.services import resource
from tests.benchmarks.chatter import chatter
from tests.benchmarks.hopeless_corpus import UNSEEN, UNSPOKEN
from tests.benchmarks.invented_libraries import TALK_COUNT, talk_without
from tests.benchmarks.libraries import Library, Moment, Remembering, Wanted
from tests.benchmarks.picture_labels import QUERIES_OF_CLIPS, TAGS_OF_LABELS
from tests.benchmarks.search_corpus import REAL_EXACT, REAL_PARAPHRASED
from tests.benchmarks.spoken_corpus import SPOKEN

_SHARES = (0.25, 0.5, 0.75)
_COMPOSITES = ("doc_en.mkv", "news_ko.mp4")
_MIXED_COUNT = 40
_ABSENT_COUNT = 40
# The looked-for speech names these (a rocket is launched in it), so a scene that says them answers too.
_SPOKEN_OF = {"candle", "ice cream", "space shuttle"}
# Photos show what these ask for (dogs and cats, fruit and vegetables, cars), so they answer too.
_SHOWN_TOO = {"badly behaved pet", "growing your own produce", "vehicle overheated during a journey"}
_NO_VIDEO = VideoId("00000000-0000-0000-0000-000000000000")


def real_talk_library(media: Path) -> Library:
    """Return what is said in real recordings, Korean among it, among everyday talk."""
    said: list[Any] = json.loads((media / "truth/speech.json").read_text("utf-8"))
    for composite in sorted((media / "truth/composites").glob("*.json")):
        said += json.loads(composite.read_text("utf-8")).get("transcript") or []
    texts = list(dict.fromkeys(str(entry["text"]) for entry in said if entry["text"]))
    moments = [Moment(text, text) for text in texts]
    return Library(
        "real talk",
        [*moments, *(Moment(said=said) for said in chatter(TALK_COUNT))],
        {
            "real speech, exact words": _pieces(REAL_EXACT, moments),
            "real speech, other words": _pieces(REAL_PARAPHRASED, moments),
            "nothing said of it": [Wanted(query) for query in UNSPOKEN],
        },
    )


class Seeing:
    """Pictures as one model sees them, and its texts."""

    def __init__(self, vision: Path) -> None:
        model = OpenClipModel(vision)
        self.texts: TextEncoder = Remembering(OpenClipTexts(model))
        self._pictures = OpenClipPictures(model)
        self._tagger = ZeroShotTagger(self.texts, Vocabulary.load(resource("vision_tags.toml")))

    def tags(self, looks: Vectors) -> Sequence[Mapping[str, float]]:
        """Return the tags that the product gives to pictures with these vectors."""
        return self._tagger.tags(looks)

    def photos(self, files: Sequence[Path]) -> Vectors:
        """Return the vectors of photos, shape (n, dimensions)."""
        return self._pictures.encode([_read(file) for file in files])

    def excerpt(self, video: Path, start_ms: int, end_ms: int) -> Vectors:
        """Return the mean of a few pictures of a video, as for a scene, shape (dimensions,)."""
        moments_ms = [start_ms + int(share * (end_ms - start_ms)) for share in _SHARES]
        mean = self._pictures.encode([frame.image for frame in grab_frames(video, moments_ms)]).mean(axis=0)
        return mean / np.linalg.norm(mean)


def photo_libraries(media: Path, seeing: Seeing) -> tuple[Library, Library]:
    """Return labelled photos, once silent and once with people talking about other things."""
    with (media / "truth" / "images_inet.csv").open(encoding="utf-8") as listing:
        rows = list(csv.DictReader(listing))
    looks = seeing.photos([media / row["file"] for row in rows])
    tags = seeing.tags(looks)
    labels = [row["label"] for row in rows]
    asked = {row["label"]: row["query_en"] for row in rows if row["query_ko"]}
    silent = [
        Moment(label, tags=named, look=look) for label, named, look in zip(labels, tags, looks, strict=True)
    ]
    return _silent_photos(silent, asked, seeing), _photos_and_talk(silent, asked, seeing)


def _silent_photos(silent: Sequence[Moment], asked: Mapping[str, str], seeing: Seeing) -> Library:
    labels = {moment.name for moment in silent}
    named = {tag: labels & set(true) for tag, true in TAGS_OF_LABELS.items()}
    return Library(
        "photos",
        silent,
        {
            "photos by what they show": [Wanted(query, frozenset({label})) for label, query in asked.items()],
            "photos by tags": [Wanted(tag, frozenset(true)) for tag, true in named.items() if true],
            "no photo shows it": [Wanted(query) for query in UNSEEN],
        },
        seeing.texts,
    )


def _photos_and_talk(silent: Sequence[Moment], asked: Mapping[str, str], seeing: Seeing) -> Library:
    talk = iter(talk_without((*asked.values(), *TAGS_OF_LABELS), len(silent) + _MIXED_COUNT))
    by_label = {moment.name: moment for moment in silent}
    over = [Moment(f"{one.name} over", next(talk), one.tags, look=one.look) for one in silent]
    spoken, shown = list(SPOKEN)[:_MIXED_COUNT], list(asked)[:_MIXED_COUNT]
    both = [
        Moment(f"both {n}", spoken[n], by_label[shown[n]].tags, look=by_label[shown[n]].look)
        for n in range(_MIXED_COUNT)
    ]
    words = [
        Moment(f"words {n}", spoken[n], by_label[shown[n - 1]].tags, look=by_label[shown[n - 1]].look)
        for n in range(_MIXED_COUNT)
    ]
    typed = [SPOKEN[said] for said in spoken]
    showing = _names_by_photo(shown)
    return Library(
        "photos and talk",
        [*over, *both, *words],
        {
            "photos while other things are said": [
                Wanted(query, frozenset({f"{label} over", *showing.get(label, ())}))
                for label, query in asked.items()
                if label not in _SPOKEN_OF
            ],
            "said over other photos": [
                Wanted(typed[n][-1], frozenset({f"both {n}", f"words {n}"}))
                for n in range(_MIXED_COUNT)
                if typed[n][-1] not in _SHOWN_TOO
            ],
            "photos, and other words said": [
                Wanted(f"{asked[shown[n]]}, {typed[n][0]}", frozenset({f"both {n}"}))
                for n in range(_MIXED_COUNT)
            ],
            "neither said nor in a photo": [
                Wanted(query) for query in (*UNSEEN[:_ABSENT_COUNT], *UNSPOKEN[:_ABSENT_COUNT])
            ],
        },
        seeing.texts,
    )


def _names_by_photo(shown: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return which of the mixed scenes show a photo; "words n" shows the one before."""
    return {label: (f"both {n}", f"words {(n + 1) % len(shown)}") for n, label in enumerate(shown)}


def clip_libraries(media: Path, seeing: Seeing) -> tuple[Library, Library]:
    """Return single clips, and long videos made of such clips with recordings of speech over them."""
    clips = sorted(file for file in (media / "clips").iterdir() if file.is_file())
    looks = np.stack([seeing.excerpt(clip, 0, 4_000) for clip in clips])
    moments = [
        Moment(clip.name, tags=tags, look=look)
        for clip, tags, look in zip(clips, seeing.tags(looks), looks, strict=True)
    ]
    wanted = [Wanted(query, frozenset({clip})) for clip, query in QUERIES_OF_CLIPS.items()]
    single = Library("clips", moments, {"clips by what they show": wanted}, seeing.texts)
    return single, _composites(media, seeing)


def _composites(media: Path, seeing: Seeing) -> Library:
    moments = [one for name in _COMPOSITES for one in _composite(media, name, seeing)]
    shown = {clip: frozenset(one.name for one in moments if clip in one.name) for clip in QUERIES_OF_CLIPS}
    return Library(
        "long videos",
        moments,
        {
            "long videos by what they show": [
                Wanted(query, shown[clip]) for clip, query in QUERIES_OF_CLIPS.items() if shown[clip]
            ],
            "long videos by what is said": _pieces({**REAL_EXACT, **REAL_PARAPHRASED}, moments),
            "nothing in long videos": [
                Wanted(query) for query in (*UNSEEN[:_ABSENT_COUNT], *UNSPOKEN[:_ABSENT_COUNT])
            ],
        },
        seeing.texts,
        gap_ms=0,
    )


def _composite(media: Path, name: str, seeing: Seeing) -> Sequence[Moment]:
    truth: Any = json.loads((media / "truth/composites" / name).with_suffix(".json").read_text("utf-8"))
    spans = [_span(segment) for segment in truth["segments"]]
    lines = tuple(Segment(_span(line), str(line["text"])) for line in truth["transcript"])
    scenes = with_transcript([Scene(scene_id(_NO_VIDEO, span), span) for span in spans], Transcript(lines))
    looks = np.stack([seeing.excerpt(media / "composites" / name, one.start_ms, one.end_ms) for one in spans])
    return [
        Moment(f"{name} {number} {segment['source_clip']}", scene.transcript.text, tags, look=look)
        for number, (segment, scene, tags, look) in enumerate(
            zip(truth["segments"], scenes, seeing.tags(looks), looks, strict=True)
        )
    ]


def _span(entry: Mapping[str, Any]) -> TimeSpan:
    start, end = (entry.get(f"{edge}_s", entry.get(edge, 0.0)) for edge in ("start", "end"))
    return TimeSpan(round(start * 1000), round(end * 1000))


def _pieces(queries: Mapping[str, str], moments: Sequence[Moment]) -> list[Wanted]:
    """Return the queries whose piece of a transcript is said in any scene, with all these scenes."""
    wanted = [
        Wanted(query, frozenset(one.name for one in moments if piece in one.said))
        for query, piece in queries.items()
    ]
    return [one for one in wanted if one.names]


def _read(file: Path) -> Picture:
    return np.asarray(cv2.imread(str(file)), np.uint8)
