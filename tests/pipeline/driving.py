"""Running a stage by hand."""

from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.pipeline.stage import StageRun


def finish(run: StageRun) -> VideoRecord:
    """Run a stage to its end; its progress must rise within 0..1."""
    told = 0.0
    while True:
        try:
            fraction = next(run)
        except StopIteration as end:
            return end.value
        assert told <= fraction <= 1.0
        told = fraction


def close_after(run: StageRun, yields: int) -> None:
    """Run a stage up to one of its yields and close it there."""
    for _ in range(yields):
        next(run)
    run.close()


def count_yields(run: StageRun) -> int:
    return sum(1 for _ in run)
