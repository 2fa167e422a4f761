"""A small pipeline of made-up stages, for tests of planning and scheduling."""

import uuid
from dataclasses import replace

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Ending, Failure, Known, Lane, Outcome, StageRecord, Task
from heimdex_desktop.pipeline.plan import fingerprints
from heimdex_desktop.pipeline.stage import Facts, Kept, StageSpec

SPECS = (
    StageSpec("look", "Looking", Lane.MEDIA),
    StageSpec("stills", "Making stills", Lane.MEDIA, needs=("look",), kept=Kept.LIBRARY),
    StageSpec("words", "Reading words", Lane.MEDIA, needs=("look",), watches=("subtitles",)),
    StageSpec("mean", "Understanding", Lane.MODEL, needs=("words",)),
    StageSpec(
        "publish",
        "Publishing",
        Lane.INDEX,
        needs=("look",),
        kept=Kept.INDEX,
        gathers=True,
        watches=("places",),
    ),
)
SLOTS = {Lane.MEDIA: 2, Lane.MODEL: 1, Lane.INDEX: 1}


def video_id(number: int) -> VideoId:
    return VideoId(str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))))


def settle(facts: Facts, *stages: str, specs: tuple[StageSpec, ...] = SPECS) -> Facts:
    """Return the facts after these stages were run in turn."""
    for stage in stages:
        record = StageRecord(fingerprints(specs, facts)[stage], 1.0)
        facts = replace(facts, records={**facts.records, stage: record})
    return facts


def outcome(task: Task, facts: Facts, ending: Ending) -> Outcome:
    """Return what a lane would report for a task that ended so."""
    if ending is Ending.DONE:
        records = {**facts.records, task.stage: StageRecord(task.fingerprint, 1.0)}
        records = {name: record for name, record in records.items() if record.failure is None}
        return Outcome(task, ending, known=Known(records))
    failure = Failure("Test", "It did not work.") if ending is Ending.FAILED else None
    return Outcome(task, ending, failure=failure)
