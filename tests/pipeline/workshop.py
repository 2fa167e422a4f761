"""A whole small library whose work goes on step by step in one thread: real stores, quick stages."""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace, Keyframe, Scene, scene_id
from heimdex_desktop.domain.search import Hit
from heimdex_desktop.domain.video import MediaInfo, TimeSpan, VideoId
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.index.background import BACKGROUNDS
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.pipeline.board import VideoRow
from heimdex_desktop.pipeline.embedding import embed_transcripts
from heimdex_desktop.pipeline.events import Changes, Event
from heimdex_desktop.pipeline.indexing import Crew, Indexing
from heimdex_desktop.pipeline.intake import Intake
from heimdex_desktop.pipeline.lanes import SLOTS, LaneJob, guarded
from heimdex_desktop.pipeline.notices import Notices
from heimdex_desktop.pipeline.publish import Publisher, VectorKind
from heimdex_desktop.pipeline.reading import read_words
from heimdex_desktop.pipeline.runner import StageRunner, WorkerPool
from heimdex_desktop.pipeline.shelf import Shelf
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun
from heimdex_desktop.pipeline.stages import (
    MEANING,
    PROBE,
    SCENES,
    STILLS,
    WORDS,
    StageModel,
    space_parameters,
    stage_specs,
)
from heimdex_desktop.pipeline.worker_process import InlineWorker, Jobs
from heimdex_desktop.services import resource

SPACE = EmbeddingSpace("digests", "1", 64)
MEDIA = MediaInfo(4_000, 25.0, 640, 480, 0, "h264")
SPOKEN = """1
00:00:00,500 --> 00:00:01,500
We left the harbour before sunrise.

2
00:00:02,500 --> 00:00:03,500
Two onions and a little patience.
"""


class DigestEncoder:
    """A text encoder that is quick and always the same.

    A question of the calibration and its answer are one text to it: an encoder that does not see that
    counts as blind, and is not asked.
    """

    logistic = None

    def __init__(self, space: EmbeddingSpace = SPACE) -> None:
        self.space = space
        pairs = [pair for background in BACKGROUNDS.values() for pair in background.answered]
        self._same = {text: pair[0] for pair in pairs for text in pair}

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        read = [self._same.get(text, text) for text in texts]
        made_by = self.space.model if self.space != SPACE else ""
        rows = [np.frombuffer(hashlib.sha512((made_by + text).encode()).digest(), np.uint8) for text in read]
        matrix = np.array(rows, np.float32).reshape(-1, SPACE.dimensions) - 127.5
        return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


class HandLanes:
    """Lanes whose jobs wait until they are asked for, one by one."""

    def __init__(self) -> None:
        self.jobs: deque[tuple[Lane, LaneJob]] = deque()

    def submit(self, lane: Lane, job: LaneJob) -> None:
        self.jobs.append((lane, guarded(job)))

    def close(self) -> None:
        self.jobs.clear()


class Workshop:
    """One opened library. `trouble` makes a stage raise; `meanwhile` runs in the middle of a stage.

    `more` are stages beside the usual ones, and how they are made.
    """

    def __init__(
        self,
        folder: Path,
        *,
        waits_for: str = "",
        space: EmbeddingSpace = SPACE,
        more: Mapping[str, Callable[[Places], Stage]] | None = None,
    ) -> None:
        self.trouble: dict[str, Exception] = {}
        self.meanwhile: dict[str, Callable[[VideoId], None]] = {}
        self.ran: list[str] = []
        self.notices = Notices()
        self.places = Places(folder)
        self.places.create()
        self.sidecars = SidecarStore(self.places)
        self.catalogue = Catalogue(self.places.catalogue_file)
        self.encoder = DigestEncoder(space)
        self._more = more or {}
        models = {MEANING: StageModel(space_parameters(space), waits_for)}
        self.specs = stage_specs({**models, **dict.fromkeys(self._more, StageModel())})
        meaning = next(spec for spec in self.specs if spec.name == MEANING)
        self.publisher = Publisher(self.places, self.sidecars, [VectorKind(TEXT, space, meaning)])
        self.shelf = Shelf(self.places, self.sidecars, self.catalogue, self.publisher)
        workers = {lane: WorkerPool([InlineWorker(self._jobs)]) for lane in (Lane.MEDIA, Lane.MODEL)}
        self.runner = StageRunner(self.specs, self.shelf, self.publisher, workers)
        self.intake = Intake(self.specs, self.shelf)
        self.lanes = HandLanes()
        self.events: deque[Event] = deque()
        crew = Crew(self.specs, SLOTS, self.runner, self.intake, self.publisher)
        self.indexing = Indexing(crew, self.lanes, self.events.append)

    def step(self) -> bool:
        """Take one event, or run one job where no event waits; tell whether there was any."""
        if self.events:
            self.indexing.receive(self.events.popleft())
        elif self.lanes.jobs:
            self.lanes.jobs.popleft()[1]()
        else:
            return False
        return True

    def go_on(self) -> None:
        """Go on until nothing moves any more."""
        while self.step():
            pass

    def finish(self) -> Changes:
        """Go on until nothing is left to do."""
        self.go_on()
        assert self.indexing.is_idle
        return self.indexing.take_changes()

    def add(self, *paths: Path) -> Changes:
        self.indexing.add(paths)
        return self.finish()

    def row(self, name: str) -> VideoRow:
        """Return the only row of the file with this name."""
        (found,) = [row for row in self.indexing.rows if row.location.name == name]
        return found

    def found(self, text: str, *spaces: EmbeddingSpace) -> list[Hit]:
        """Search with the encoders of some spaces at hand."""
        at_hand = {space: DigestEncoder(space) for space in spaces}
        searcher = Searcher(
            self.places.lancedb,
            lambda role, asked: next((at_hand[space] for space in asked if space in at_hand), None),
            TagWords.load(resource("appearance_tags.toml")),
        )
        return list(searcher.search(text).hits)

    def lock_catalogue(self) -> None:
        """Let the catalogue refuse every change from now on, as on a drive that was made read-only."""
        database = self.catalogue._database  # pyright: ignore[reportPrivateUsage] - there is no public way
        database.rows("PRAGMA query_only = 1")

    def close(self) -> None:
        self.indexing.close()
        self.catalogue.close()

    def _jobs(self) -> Jobs:
        stages: dict[str, Stage] = {
            PROBE: _probe,
            SCENES: _scenes,
            STILLS: self._stills,
            WORDS: read_words,
            MEANING: embed_transcripts(self.encoder, self.sidecars),
            **{name: make(self.places) for name, make in self._more.items()},
        }
        return self.notices.told_by({name: self._watched(name, stage) for name, stage in stages.items()})

    def _watched(self, name: str, stage: Stage) -> Stage:
        def run(job: StageJob) -> StageRun:
            self.ran.append(name)
            yield 0.0
            if name in self.meanwhile:
                self.meanwhile.pop(name)(job.video_id)
            yield 0.5
            if name in self.trouble:
                raise self.trouble[name]
            return (yield from stage(job))

        return run

    def _stills(self, job: StageJob) -> StageRun:
        yield 0.0
        folder = self.places.stills_of(job.video_id)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "500.jpg").write_bytes(b"a picture")
        return job.record


def _probe(job: StageJob) -> StageRun:
    yield 0.0
    return replace(job.record, video=replace(job.record.video, media=MEDIA))


def _scenes(job: StageJob) -> StageRun:
    """Find two scenes of two seconds: a dark one and a bright one."""
    yield 0.0
    spans = (TimeSpan(0, 2_000), TimeSpan(2_000, 4_000))
    scenes = tuple(
        Scene(scene_id(job.video_id, span), span, (Keyframe(span.start_ms + 500),), tags={tag: 0.9})
        for span, tag in zip(spans, ("night", "bright"), strict=True)
    )
    return replace(job.record, scenes=scenes)


def write_video(path: Path, content: str = "") -> Path:
    """Write a file that passes for a video, with subtitles of its name beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or f"a film called {path.name}", encoding="utf-8")
    path.with_suffix(".srt").write_text(SPOKEN, encoding="utf-8")
    return path
