"""Decides what runs when: a state machine on one thread, without locks."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Ending, Failure, Lane, Outcome, StageRecord, Task
from heimdex_desktop.pipeline.plan import Standing, due, failures, fingerprints, standings
from heimdex_desktop.pipeline.stage import Facts, StageSpec


@dataclass(slots=True)
class Wanted:
    """A video on the list. `standing` follows its facts; `cancelled` takes it out until it is added again."""

    facts: Facts
    position: int
    standing: Mapping[str, Standing]
    cancelled: bool = False


@dataclass(slots=True)
class Running:
    """A task a lane is working on, and how far it is (0..1)."""

    task: Task
    fraction: float = 0.0
    stopping: bool = False


_Offers = list[tuple[int, VideoId]]
"""A heap by place in the list, so that early videos are finished early. Offers may be stale."""


class Scheduler:
    """Keeps the lanes busy with whatever is due.

    "Wanted" and "running" are two maps on purpose: a video that is removed and added again while
    one of its tasks still runs is wanted, and must not be lost when the old task ends.
    Every method must be called on the same thread. `start` and `stop` must return at once.
    """

    def __init__(
        self,
        specs: Sequence[StageSpec],
        slots: Mapping[Lane, int],
        *,
        start: Callable[[Task], None],
        stop: Callable[[Task], None],
    ) -> None:
        self._specs = tuple(specs)
        self._by_name = {spec.name: spec for spec in specs}
        # Lanes that gather come first, so that a new result is searchable before the next is begun.
        gathering = {spec.lane for spec in specs if spec.gathers}
        self._slots = dict(sorted(slots.items(), key=lambda item: item[0] not in gathering))
        self._start = start
        self._stop = stop
        self._wanted: dict[VideoId, Wanted] = {}
        self._running: dict[VideoId, Running] = {}
        self._open: set[VideoId] = set()
        self._offers: dict[Lane, _Offers] = {lane: [] for lane in slots}
        self._next_number = 1
        self._next_position = 1
        self.paused = False

    @property
    def specs(self) -> tuple[StageSpec, ...]:
        return self._specs

    @property
    def wanted(self) -> Mapping[VideoId, Wanted]:
        return self._wanted

    @property
    def running(self) -> Mapping[VideoId, Running]:
        return self._running

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing could be started, pausing aside."""
        return not self._running and not self._open

    def add(self, video_id: VideoId, facts: Facts) -> None:
        """Want a video, or take newer facts about one; a cancelled one is wanted again."""
        known = self._wanted.get(video_id)
        if known is None:
            known = Wanted(facts, self._next_position, {})
            self._wanted[video_id] = known
            self._next_position += 1
        known.cancelled = False
        self._learn(video_id, facts)
        self._fill()

    def remove(self, video_id: VideoId) -> None:
        """Forget a video; its running task is stopped, and that task's outcome ignored."""
        self._wanted.pop(video_id, None)
        self._open.discard(video_id)
        self._stop_running(video_id)

    def cancel(self, video_id: VideoId) -> None:
        """Stop work on a video until it is added again; what was finished stays."""
        wanted = self._wanted.get(video_id)
        if wanted:
            wanted.cancelled = True
            self._open.discard(video_id)
            self._stop_running(video_id)

    def pause(self) -> None:
        """Stop everything that runs; stopped stages are simply due again."""
        self.paused = True
        for video_id in tuple(self._running):
            self._stop_running(video_id)

    def resume(self) -> None:
        self.paused = False
        for video_id in self._open:
            self._offer(video_id)
        self._fill()

    def progressed(self, task_number: int, fraction: float) -> VideoId | None:
        """Note how far a task is; returns its video, or None for a task that is not running any more."""
        for video_id, running in self._running.items():
            if running.task.number == task_number:
                running.fraction = fraction
                return video_id
        return None

    def ended(self, outcome: Outcome) -> None:
        """Take a task's outcome and start what is due now."""
        video_id = outcome.task.video_id
        running = self._running.get(video_id)
        if running is None or running.task.number != outcome.task.number:
            return
        del self._running[video_id]
        wanted = self._wanted.get(video_id)
        if wanted:
            self._learn(video_id, _after(wanted.facts, outcome))
        self._fill()

    def failures(self, video_id: VideoId) -> Mapping[str, Failure]:
        """Return the failed and parked stages of a video with the reasons."""
        wanted = self._wanted[video_id]
        return failures(self._specs, wanted.facts, wanted.standing)

    def _learn(self, video_id: VideoId, facts: Facts) -> None:
        """Plan a video anew from what is known of it now."""
        wanted = self._wanted[video_id]
        wanted.facts = facts
        wanted.standing = standings(self._specs, facts)
        if not wanted.cancelled and Standing.DUE in wanted.standing.values():
            self._open.add(video_id)
            self._offer(video_id)
        else:
            self._open.discard(video_id)

    def _offer(self, video_id: VideoId) -> None:
        """Put a video up for every lane that has something to do for it."""
        if video_id in self._running:
            return
        wanted = self._wanted[video_id]
        lanes = {self._by_name[n].lane for n, s in wanted.standing.items() if s is Standing.DUE}
        for lane in lanes:
            heapq.heappush(self._offers[lane], (wanted.position, video_id))

    def _fill(self) -> None:
        if self.paused:
            return
        for lane in self._slots:
            while self._free(lane) and self._start_next(lane):
                pass

    def _free(self, lane: Lane) -> bool:
        busy = sum(running.task.lane is lane for running in self._running.values())
        return busy < self._slots[lane]

    def _start_next(self, lane: Lane) -> bool:
        """Start the first video that still has something due in this lane."""
        offers = self._offers[lane]
        while offers:
            _, video_id = heapq.heappop(offers)
            if video_id in self._open and video_id not in self._running and self._begin(video_id, lane):
                return True
        return False

    def _begin(self, video_id: VideoId, lane: Lane) -> bool:
        facts = self._wanted[video_id].facts
        spec = next((spec for spec in due(self._specs, facts) if spec.lane is lane), None)
        if spec is None:
            return False
        fingerprint = fingerprints(self._specs, facts)[spec.name]
        task = Task(self._next_number, video_id, spec.name, lane, fingerprint)
        self._next_number += 1
        self._running[video_id] = Running(task)
        self._start(task)
        return True

    def _stop_running(self, video_id: VideoId) -> None:
        running = self._running.get(video_id)
        if running and not running.stopping:
            running.stopping = True
            self._stop(running.task)


def _after(facts: Facts, outcome: Outcome) -> Facts:
    """Return what is known after a task: what is done stands on disk, what failed is known here.

    A failure on disk that is not known here was taken back when the video was added again.
    """
    if outcome.ending is Ending.STOPPED:
        return facts
    task = outcome.task
    on_disk = outcome.known.records if outcome.known else facts.records
    records = {name: record for name, record in on_disk.items() if record.failure is None}
    for name, record in facts.records.items():
        done = records.get(name)
        is_newer = done is None or done.fingerprint != record.fingerprint
        if record.failure and name != task.stage and is_newer:
            records[name] = record
    if outcome.failure:
        records[task.stage] = StageRecord(task.fingerprint, 0.0, outcome.failure)
    attempts = {name: count for name, count in facts.attempts.items() if name != task.stage}
    return Facts(records, facts.observed, attempts)
