"""How a video's record becomes rows of the index."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heimdex_desktop.domain.filters import folded_folder
from heimdex_desktop.domain.scene import Scene, SceneId, SeenPerson
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.conditions import FOLDER_MARK
from heimdex_desktop.index.folding import searchable
from heimdex_desktop.index.lines import beginnings, lines_said, lines_written
from heimdex_desktop.index.schema import ArrowArray, ArrowTable, VectorColumn, scenes_schema, videos_schema
from heimdex_desktop.index.told import told_of

ByScene = Mapping[SceneId, NDArray[np.float32]]
SceneVectors = Mapping[VectorColumn, ByScene]


def video_row(video: Video, fingerprint: str) -> ArrowTable:
    row = {
        "video_id": video.id,
        "locations": [str(place) for place in video.locations],
        "fingerprint": fingerprint,
    }
    return pa.Table.from_pylist([row], schema=videos_schema())


def scene_rows(
    record: VideoRecord,
    vectors: SceneVectors,
    stills: Mapping[SceneId, str],
    columns: Sequence[VectorColumn],
) -> ArrowTable:
    """Lay out all scenes of a video in a table with these columns; a scene without a vector gets a null.

    Raises ValueError where a vector has another shape than its space says.
    """
    facts = [
        _facts(record.video, scene, stills.get(scene.id, ""))
        | {"vector_names": [column.name for column in columns if scene.id in vectors.get(column, {})]}
        for scene in record.scenes
    ]
    table = pa.Table.from_pylist(facts, schema=scenes_schema())
    for column in columns:
        made = _vector_column(record.scenes, vectors.get(column, {}), column.space.dimensions)
        table = table.append_column(column.field, made)
    return table


def _facts(video: Video, scene: Scene, still: str) -> dict[str, object]:
    said, written = lines_said(scene.transcript.segments), lines_written(scene.screen_texts)
    transcript = " ".join(line.text for line in said)
    screen_text = "\n".join(line.text for line in written)
    media = video.media
    told = FoundScene(
        id=scene.id,
        video_id=video.id,
        locations=(),
        span=scene.span,
        transcript=transcript,
        language=scene.transcript.language,
        tags=scene.all_tags,
        still=still,
        screen_text=screen_text,
        said_at_ms=tuple(line.at_ms for line in said),
        said_from=tuple(beginnings(said)),
        screen_at_ms=tuple(line.at_ms for line in written),
        people=_people(scene),
        people_count=scene.people_count,
    )
    return {
        "scene_id": scene.id,
        "video_id": video.id,
        "start_ms": scene.span.start_ms,
        "end_ms": scene.span.end_ms,
        "told": told_of(told),
        "language": told.language,
        "words": searchable(transcript),
        "screen": searchable(screen_text),
        "tag_names": list(told.tags),
        "tag_scores": list(told.tags.values()),
        "folders": "".join(f"{FOLDER_MARK}{folded_folder(place)}" for place in video.locations),
        "made_ms": round(media.made_at.timestamp() * 1000) if media and media.made_at else None,
        "short_side_px": min(media.width_px, media.height_px) if media else None,
        "people_count": told.people_count,
        "people": [one.person_id for one in told.people],
        "people_sure": [one.confidence for one in told.people],
    }


def _people(scene: Scene) -> tuple[SeenPerson, ...]:
    """Return who is seen, the surest first, everybody once; what they are called is not kept here."""
    surest = {one.person_id: one for one in sorted(scene.people, key=lambda one: one.confidence)}
    return tuple(replace(one, name="") for one in reversed(surest.values()))


def _vector_column(scenes: Sequence[Scene], vectors: ByScene, dimensions: int) -> ArrowArray:
    matrix = np.zeros((len(scenes), dimensions), np.float32)
    missing = np.ones(len(scenes), np.bool_)
    for row, scene in enumerate(scenes):
        vector = vectors.get(scene.id)
        if vector is not None:
            if vector.shape != (dimensions,):
                message = f"a vector of shape {vector.shape} in a space of {dimensions} dimensions"
                raise ValueError(message)
            matrix[row], missing[row] = vector, False
    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), dimensions, mask=pa.array(missing))
