"""How a video's record becomes rows of the index."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heimdex_desktop.domain.filters import folded_folder
from heimdex_desktop.domain.scene import Scene, SceneId
from heimdex_desktop.domain.video import Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.conditions import FOLDER_MARK
from heimdex_desktop.index.folding import searchable
from heimdex_desktop.index.lines import beginnings, lines_said, lines_written
from heimdex_desktop.index.schema import ArrowArray, ArrowTable, VectorColumn, scenes_schema, videos_schema

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
    return {
        "scene_id": scene.id,
        "video_id": video.id,
        "start_ms": scene.span.start_ms,
        "end_ms": scene.span.end_ms,
        "transcript": transcript,
        "said_at_ms": [line.at_ms for line in said],
        "said_from": beginnings(said),
        "language": scene.transcript.language,
        "words": searchable(transcript),
        "screen_text": screen_text,
        "screen_at_ms": [line.at_ms for line in written],
        "screen": searchable(screen_text),
        "tag_names": list(scene.all_tags),
        "tag_scores": list(scene.all_tags.values()),
        "still": still,
        "folders": "".join(f"{FOLDER_MARK}{folded_folder(place)}" for place in video.locations),
        "made_ms": round(media.made_at.timestamp() * 1000) if media and media.made_at else None,
        "short_side_px": min(media.width_px, media.height_px) if media else None,
    } | _people(scene)


def _people(scene: Scene) -> dict[str, object]:
    """Return who is seen, everybody once and as sure as it is at best."""
    surest = {one.person_id: one for one in sorted(scene.people, key=lambda one: one.confidence)}
    return {
        "people_count": scene.people_count,
        "people": list(surest),
        "people_sure": [one.confidence for one in surest.values()],
        "people_frames": [one.frame_count for one in surest.values()],
    }


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
