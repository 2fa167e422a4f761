"""Which scenes were published last."""

from typing import Any

import numpy as np
from lancedb.table import Table

from heimdex_desktop.index.database import narrowed
from heimdex_desktop.index.nearest import ROW
from heimdex_desktop.index.schema import CHANGED_IN


def newest_scenes(table: Table, limit: int, condition: str = "") -> list[int]:
    """Return the rows of scenes that meet a condition: those of the video published last first, each video's
    in order of time.

    May raise FOREIGN_ERRORS.
    """
    search = narrowed(table.search().select([ROW, CHANGED_IN]), condition)
    seen: Any = search.limit(max(1, table.count_rows())).to_arrow()
    rows, published = seen[ROW].to_numpy(), seen[CHANGED_IN].to_numpy()
    if len(rows) > limit:
        # Every publish writes all scenes of a video, so that no video is cut here.
        late = published >= np.partition(published, -limit)[-limit]
        rows, published = rows[late], published[late]
    if not len(rows):
        return []
    when: dict[int, int] = dict(zip(rows.tolist(), published.tolist(), strict=True))
    read: Any = table.take_row_ids(rows.tolist()).select(["video_id", "start_ms"])
    facts: list[dict[str, Any]] = read.with_row_id().to_list()
    facts.sort(key=lambda fact: (-when[fact[ROW]], fact["video_id"], fact["start_ms"]))
    return [fact[ROW] for fact in facts[:limit]]
