"""What the library remembers of the work on its videos: tries that never ended, results that stay here."""

import json
from collections.abc import Mapping

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Records, StageRecord
from heimdex_desktop.library.database import Database
from heimdex_desktop.library.json_fields import MalformedError, fields_of, parsed
from heimdex_desktop.library.stage_records import stage_as_json, stage_from


class Ledger:
    """Counts attempts and keeps stage records. May be used from several threads.

    What is told about a video that the library does not hold (any more) is passed over: a task may end
    after its video was removed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, video_id: VideoId, stage: str) -> int:
        """Count one more attempt, on disk before this returns, and return the count with this one."""
        with self._database.durable():
            rows = self._database.rows(
                "INSERT INTO attempts (video_id, stage, count)"
                " SELECT id, ?, 1 FROM videos WHERE id = ? AND NOT removed"
                " ON CONFLICT (video_id, stage) DO UPDATE SET count = count + 1 RETURNING count",
                stage,
                video_id,
            )
        return rows[0][0] if rows else 1

    def end(self, video_id: VideoId, stage: str) -> None:
        """Forget the attempts at a stage: it came to an end, good or bad."""
        self._database.rows("DELETE FROM attempts WHERE video_id = ? AND stage = ?", video_id, stage)

    def attempts(self, video_id: VideoId) -> Mapping[str, int]:
        """Return how often each stage was begun without an end."""
        rows = self._database.rows("SELECT stage, count FROM attempts WHERE video_id = ?", video_id)
        return dict(rows)

    def clear_attempts(self, video_id: VideoId) -> None:
        self._database.rows("DELETE FROM attempts WHERE video_id = ?", video_id)

    def local_records(self, video_id: VideoId) -> Records:
        """Return the records of stages whose result is only in this library; unreadable ones are left out."""
        rows = self._database.rows("SELECT stage, record FROM local_records WHERE video_id = ?", video_id)
        read = {stage: _record_from(text) for stage, text in rows}
        return {stage: record for stage, record in read.items() if record}

    def save_local(self, video_id: VideoId, stage: str, record: StageRecord) -> None:
        self._database.rows(
            "INSERT INTO local_records (video_id, stage, record)"
            " SELECT id, ?, ? FROM videos WHERE id = ? AND NOT removed"
            " ON CONFLICT (video_id, stage) DO UPDATE SET record = excluded.record",
            stage,
            json.dumps(stage_as_json(record)),
            video_id,
        )

    def forget_local(self, video_id: VideoId, stage: str) -> None:
        """Forget one stage's record of one video."""
        self._database.rows("DELETE FROM local_records WHERE video_id = ? AND stage = ?", video_id, stage)


def _record_from(text: str) -> StageRecord | None:
    try:
        return stage_from(fields_of(parsed(text)))
    except MalformedError:
        return None
