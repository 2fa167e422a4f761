"""How it is written down that a stage ran, in sidecars and in the catalogue alike."""

from heimdex_desktop.domain.work import Failure, StageRecord
from heimdex_desktop.library.json_fields import Fields


def stage_as_json(record: StageRecord) -> dict[str, object]:
    return {
        "fingerprint": record.fingerprint,
        "seconds": float(record.seconds),
        "failure": failure_as_json(record.failure) if record.failure else None,
    }


def stage_from(fields: Fields) -> StageRecord:
    """Read a stage's record; raises MalformedError."""
    return StageRecord(
        fingerprint=fields.text("fingerprint"),
        seconds=fields.number("seconds"),
        failure=None if fields.content.get("failure") is None else failure_from(fields.inner("failure")),
    )


def failure_as_json(failure: Failure) -> dict[str, object]:
    return {
        "kind": failure.kind,
        "sentence": failure.sentence,
        "advice": failure.advice,
        "retry_helps": failure.retry_helps,
    }


def failure_from(fields: Fields) -> Failure:
    """Read a failure; raises MalformedError."""
    return Failure(
        kind=fields.text("kind"),
        sentence=fields.text("sentence"),
        advice=fields.text("advice"),
        retry_helps=fields.flag("retry_helps"),
    )
