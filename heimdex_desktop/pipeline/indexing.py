"""The work on a library as one thing: takes paths and orders, keeps the lanes busy, tells how it goes."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import Ending, Known, Lane, Outcome, Task
from heimdex_desktop.pipeline.board import Overall, VideoRow
from heimdex_desktop.pipeline.departures import Departures
from heimdex_desktop.pipeline.errands import Errands
from heimdex_desktop.pipeline.events import Advanced, Changes, ErrandDone, Event, Forgotten, Post
from heimdex_desktop.pipeline.forecast import Backlog, Pace
from heimdex_desktop.pipeline.intake import Arrival, Arrived, Displaced, Intake, Refused
from heimdex_desktop.pipeline.lanes import Lanes
from heimdex_desktop.pipeline.plan import remaining
from heimdex_desktop.pipeline.rows import RowWriter, Work, offline_row, refused_row
from heimdex_desktop.pipeline.scheduler import Scheduler
from heimdex_desktop.pipeline.stage import StageSpec
from heimdex_desktop.pipeline.switching import complete_roles, switches

if TYPE_CHECKING:
    from heimdex_desktop.pipeline.publish import Publisher
    from heimdex_desktop.pipeline.runner import StageRunner


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who do the work, on the threads of the lanes."""

    specs: Sequence[StageSpec]
    slots: Mapping[Lane, int]
    runner: "StageRunner"
    intake: Intake
    publisher: "Publisher"


class Indexing:
    """Owns the scheduler. Every method runs on one thread; the lanes answer through `post`."""

    def __init__(self, crew: Crew, lanes: Lanes, post: Post) -> None:
        self._crew = crew
        self._lanes = lanes
        self._post = post
        self._scheduler = Scheduler(crew.specs, crew.slots, start=self._start, stop=self._stop)
        self._stops: dict[int, threading.Event] = {}
        self._closing = threading.Event()
        self._errands = Errands(lanes, post)
        self._videos: dict[VideoId, tuple[Video, Known]] = {}
        self._pace = Pace()
        self._backlog = Backlog(crew.specs, crew.slots)
        self._writer = RowWriter(crew.specs, self._pace)
        self._rows: dict[str, VideoRow] = {}
        # In the order of change; a set would shuffle new rows.
        self._changed: dict[str, None] = {}
        self._removed: set[str] = set()
        self._searchable = False
        self._untidy = True
        self._knows_all = False
        self._leaving = Departures()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left to do (pausing aside)."""
        return self._errands.is_idle and self._scheduler.is_idle

    @property
    def is_paused(self) -> bool:
        return self._scheduler.paused

    @property
    def rows(self) -> tuple[VideoRow, ...]:
        return tuple(self._rows.values())

    def add(self, paths: Sequence[Path]) -> None:
        """Take files and folders that a person dropped."""
        self._errands.send(Lane.INTAKE, lambda: self._crew.intake.take(paths, self._closing, self._post))

    def recall(self) -> None:
        """Take up everything the library already knows, and what came into its folders since."""
        self._knows_all = True
        self._errands.send(Lane.INTAKE, lambda: self._crew.intake.recall(self._closing, self._post))

    def pause(self) -> None:
        self._scheduler.pause()
        self._rewrite_all()

    def resume(self) -> None:
        self._scheduler.resume()
        self._rewrite_all()

    def cancel(self, key: str) -> None:
        """Stop the work on a video until `retry`; what is done stays done."""
        self._scheduler.cancel(VideoId(key))
        self._rewrite(VideoId(key))

    def retry(self, key: str) -> None:
        """Try again what failed or was cancelled; what lies at its place is looked at anew."""
        row, video_id = self._rows.get(key), VideoId(key)
        if video_id in self._videos:
            self.look_again([video_id])
        elif row:
            self.add([row.location])

    def look_again(self, video_ids: Sequence[VideoId]) -> None:
        """Look what is due of these videos, as when somebody else is recognised in them."""
        for video_id in video_ids:
            self._errands.send(Lane.INTAKE, partial(self._crew.intake.look_again, video_id, self._post))

    def remove(self, key: str, *, with_sidecar: bool = False) -> None:
        """Take a video out of the library: what is known of it, its sidecar if wanted, never the video."""
        video_id = VideoId(key)
        entry = self._videos.get(video_id)
        if entry and self._drop(video_id):
            self._leaving.begin(entry[0], with_sidecar=with_sidecar)
            self._errands.send(Lane.INDEX, partial(self._forget, video_id, with_sidecar), searchable=True)

    def receive(self, event: Event) -> None:
        """Take an event that was posted; runs on the owning thread."""
        match event:
            case Arrived() | Refused() | Displaced():
                self._take(event)
            case Advanced(number, fraction):
                video_id = self._scheduler.progressed(number, fraction)
                if video_id:
                    self._rewrite(video_id)
            case ErrandDone():
                self._searchable |= event.searchable
                self._errands.end(event)
            case Forgotten(video_id):
                dropped_again_at = self._leaving.end(video_id)
                if dropped_again_at:
                    self.add([dropped_again_at])
            case Outcome():
                self._ended(event)
        self._tidy_when_idle()

    def take_changes(self) -> Changes:
        """Return what changed since the last call; ask at the pace of the screen, not of the work."""
        changes = Changes(
            rows=tuple(self._rows[key] for key in self._changed if key in self._rows),
            removed=tuple(self._removed - self._rows.keys()),
            overall=self._overall(),
            searchable=self._searchable,
            troubles=self._errands.take_troubles(),
        )
        self._changed.clear()
        self._removed.clear()
        self._searchable = False
        return changes

    def close(self) -> None:
        """Stop everything and wait for it; what was stopped is due again next time.

        What could not be done at the end is among the troubles of `take_changes` afterwards.
        """
        self._closing.set()
        self._scheduler.pause()
        for stop in self._stops.values():
            stop.set()
        self._lanes.close()
        self._crew.runner.close()
        # What a person removed must not come back only because the window was closed at once.
        for trouble in self._leaving.finish(self._crew.runner.forget):
            self._errands.tell(trouble)

    def _forget(self, video_id: VideoId, with_sidecar: bool) -> None:  # noqa: FBT001
        try:
            self._crew.runner.forget(video_id, with_sidecar=with_sidecar)
        finally:
            self._post(Forgotten(video_id))

    def _start(self, task: Task) -> None:
        stop = threading.Event()
        self._stops[task.number] = stop

        def run() -> None:
            def report(fraction: float) -> None:
                self._post(Advanced(task.number, fraction))

            self._post(self._crew.runner.run(task, stop, report))

        self._lanes.submit(task.lane, run)

    def _stop(self, task: Task) -> None:
        self._stops[task.number].set()

    def _take(self, arrival: Arrival) -> None:
        match arrival:
            case Arrived():
                self._arrived(arrival)
            case Refused():
                row = refused_row(arrival)
                self._rows[row.key] = row
                self._changed[row.key] = None
            case Displaced(video_id):
                self._drop(video_id)

    def _arrived(self, event: Arrived) -> None:
        video = event.video
        if self._leaving.dropped_again(video.id, video.home):
            return
        self._drop_row(str(video.home))
        self._videos[video.id] = (video, event.known)
        if event.absence:
            # Nothing is planned: what was read from the drive before still holds.
            self._rows[video.id] = offline_row(video, event.known, event.absence)
            self._changed[video.id] = None
            return
        self._scheduler.add(video.id, event.facts)
        self._rewrite(video.id)

    def _ended(self, outcome: Outcome) -> None:
        task = outcome.task
        self._stops.pop(task.number, None)
        entry = self._videos.get(task.video_id)
        if entry and outcome.known:
            self._videos[task.video_id] = (entry[0], outcome.known)
            self._learn_pace(task, outcome.known)
        self._searchable |= task.lane is Lane.INDEX and outcome.ending is Ending.DONE
        self._untidy |= task.lane is Lane.INDEX
        self._scheduler.ended(outcome)
        self._rewrite(task.video_id)

    def _learn_pace(self, task: Task, known: Known) -> None:
        record = known.records.get(task.stage)
        if record and known.duration_ms:
            self._pace.learn(task.stage, seconds=record.seconds, video_s=known.duration_ms / 1000)

    def _tidy_when_idle(self) -> None:
        if self._untidy and self.is_idle:
            self._untidy = False
            # Nothing is complete before all videos are known.
            standings = [one.standing for one in self._scheduler.wanted.values()]
            complete = complete_roles(standings) if self._knows_all else frozenset[str]()
            self._errands.send(Lane.INDEX, lambda: self._crew.publisher.settle(complete), searchable=True)

    def _rewrite_all(self) -> None:
        for video_id in self._videos:
            self._rewrite(video_id)

    def _rewrite(self, video_id: VideoId) -> None:
        """Write a video's row anew, and what is left of it."""
        wanted = self._scheduler.wanted.get(video_id)
        entry = self._videos.get(video_id)
        if wanted is None or entry is None:
            return
        video, known = entry
        left = () if wanted.cancelled else remaining(self._crew.specs, wanted.standing)
        self._backlog.put(video_id, known.duration_ms / 1000 if known.duration_ms else None, left)
        failures = tuple(self._scheduler.failures(video_id).values())
        work = Work(wanted, self._scheduler.running.get(video_id), failures, self._scheduler.paused)
        self._rows[video_id] = self._writer.row(video, known, work)
        self._changed[video_id] = None

    def _drop(self, video_id: VideoId) -> bool:
        """Take a video off the list, and tell whether it was one."""
        self._drop_row(video_id)
        self._scheduler.remove(video_id)
        self._backlog.drop(video_id)
        return self._videos.pop(video_id, None) is not None

    def _drop_row(self, key: str) -> None:
        if self._rows.pop(key, None):
            self._removed.add(key)

    def _overall(self) -> Overall:
        running = ((v, r.task.stage, r.fraction) for v, r in self._scheduler.running.items())
        eta_s = self._backlog.eta_s(self._pace, running)
        standings = [one.standing for one in self._scheduler.wanted.values()]
        switching = switches(self._crew.specs, self._crew.publisher.switching, standings)
        return Overall.of(self._rows.values(), eta_s=eta_s, paused=self._scheduler.paused, switches=switching)
