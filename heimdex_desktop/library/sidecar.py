"""The sidecar: all that is known about a video as JSON text, written by us and read with distrust."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from heimdex_desktop.domain.scene import (
    EmbeddingSpace,
    Keyframe,
    Scene,
    SceneId,
)
from heimdex_desktop.domain.video import MediaInfo, SubtitleTrack, TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, milliseconds_of, parsed
from heimdex_desktop.library.ownership import VERSION, Owner, broken, check_format, own_fields
from heimdex_desktop.library.scene_people import people_as_json, people_count_from, people_from
from heimdex_desktop.library.screen_texts import screen_texts_as_json, screen_texts_from
from heimdex_desktop.library.stage_records import stage_as_json, stage_from
from heimdex_desktop.library.transcripts import seconds as _seconds
from heimdex_desktop.library.transcripts import span_from as _span_from
from heimdex_desktop.library.transcripts import transcript_as_json, transcript_from

FORMAT = "heimdex-sidecar"
_SAMPLE_STRATEGY = "sharpest of even samples"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar's content; the record's only location is the bare file name that was written down."""

    record: VideoRecord
    saved_at: datetime

    @property
    def owner(self) -> Owner:
        return Owner(self.record.video.id, self.saved_at)


def to_json(record: VideoRecord, saved_at: datetime) -> bytes:
    """Write a record as UTF-8 JSON, one scene per line; times are seconds with three decimals.

    A scene has the shape of version "1.0"; beside it the file holds a marker, the video's facts without
    its folder, and the stage records. Both points in time need an offset. Raises ValueError for a number
    that is not finite.
    """
    head = _dumped(
        {
            "format": FORMAT,
            "version": VERSION,
            "saved_at": _moment(saved_at),
            "created_at": _moment(record.created_at),
            "video": _video_as_json(record.video),
            "stages": {name: stage_as_json(stage) for name, stage in record.stages.items()},
        }
    )
    scenes = ",\n".join(_dumped(scene) for scene in _scenes_as_json(record))
    text = f'{head[:-1]},\n"scenes": [\n{scenes}\n]}}\n'
    # A lone surrogate has no UTF-8; written with a backslash it is the JSON escape that means the same.
    return text.encode("utf-8", "backslashreplace")


def from_json(content: bytes, *, name: str) -> Sidecar:
    """Read a sidecar; `name` is the file's name for the message. Values it does not know are passed over.

    Raises ForeignSidecar: Broken (no JSON, or a value missing or of the wrong kind), NotOurs (no marker),
    Newer (a later major version).
    """
    try:
        fields = own_fields(parsed(content), name=name)
        check_format(fields, FORMAT, name=name)
        return Sidecar(_record_from(fields), fields.moment("saved_at"))
    except MalformedError as error:
        raise broken(name) from error


def spans_from(content: bytes) -> dict[SceneId, TimeSpan]:
    """Read from a sidecar no more than when its scenes are; nothing where it cannot be understood."""
    try:
        scenes = fields_of(parsed(content)).inners("scenes")
        return {
            SceneId(scene.uuid("scene_id")): _span_from(scene, start="start_s", end="end_s")
            for scene in scenes
        }
    except (MalformedError, ValueError):
        return {}


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _video_as_json(video: Video) -> dict[str, object]:
    return {
        "video_id": video.id,
        "file_name": video.locations[0].name if video.locations else "",
        "size_bytes": int(video.size_bytes),
        "media": _media_as_json(video.media) if video.media else None,
    }


def _media_as_json(media: MediaInfo) -> dict[str, object]:
    return {
        "duration_s": _seconds(media.duration_ms),
        "frame_rate": float(media.frame_rate),
        "width_px": int(media.width_px),
        "height_px": int(media.height_px),
        "rotation_deg": int(media.rotation_deg),
        "video_codec": media.video_codec,
        "audio_codecs": list(media.audio_codecs),
        "subtitle_tracks": [
            {
                "stream_index": int(track.stream_index),
                "codec": track.codec,
                "language": track.language,
                "title": track.title,
            }
            for track in media.subtitle_tracks
        ],
        **({"made_at": _moment(media.made_at)} if media.made_at else {}),
    }


def _scenes_as_json(record: VideoRecord) -> Iterator[dict[str, object]]:
    created_at = _moment(record.created_at)
    for scene in record.scenes:
        yield {
            "video_id": record.video.id,
            "scene_id": scene.id,
            "start_s": _seconds(scene.span.start_ms),
            "end_s": _seconds(scene.span.end_ms),
            "duration_s": _seconds(scene.span.length_ms),
            "transcript": transcript_as_json(scene.transcript),
            "embeddings": {role: _embedding_as_json(space) for role, space in scene.embeddings.items()},
            **_tags_as_json(scene),
            **people_as_json(scene),
            **screen_texts_as_json(scene.screen_texts),
            "frames": {
                "sampled_count": int(scene.sampled_count),
                "sample_strategy": _SAMPLE_STRATEGY,
                "key_frames": [_seconds(keyframe.at_ms) for keyframe in scene.keyframes],
            },
            "created_at": created_at,
            "version": VERSION,
        }


def _tags_as_json(scene: Scene) -> dict[str, object]:
    written: dict[str, object] = {"vision_tags": _numbers(scene.all_tags)}
    return written | ({"measured_tags": _numbers(scene.tags)} if scene.seen_tags else {})


def _numbers(tags: Mapping[str, float]) -> dict[str, float]:
    return {tag: float(score) for tag, score in tags.items()}


def _embedding_as_json(space: EmbeddingSpace) -> dict[str, object]:
    return {
        "model": space.model,
        "dimensions": int(space.dimensions),
        "stored_in_db": True,
        "revision": space.revision,
    }


def _record_from(fields: Fields) -> VideoRecord:
    video = _video_from(fields.inner("video"))
    scenes = tuple(_scene_from(scene, video.id) for scene in fields.inners("scenes"))
    if len({scene.id for scene in scenes}) != len(scenes):
        message = "a scene is there twice"
        raise MalformedError(message)
    stages = fields.inner("stages")
    return VideoRecord(
        video=video,
        created_at=fields.moment("created_at"),
        scenes=scenes,
        stages={name: stage_from(stages.inner(name)) for name in stages.content},
    )


def _video_from(fields: Fields) -> Video:
    # Only the last part is taken: a name from outside must not lead to another folder.
    name = Path(fields.text("file_name")).name
    return Video(
        id=VideoId(fields.uuid("video_id")),
        locations=() if name in {"", ".."} else (Path(name),),
        size_bytes=fields.whole("size_bytes"),
        media=None if fields.content.get("media") is None else _media_from(fields.inner("media")),
    )


def _media_from(fields: Fields) -> MediaInfo:
    return MediaInfo(
        duration_ms=fields.milliseconds("duration_s"),
        frame_rate=fields.number("frame_rate"),
        width_px=fields.whole("width_px"),
        height_px=fields.whole("height_px"),
        rotation_deg=fields.whole("rotation_deg"),
        video_codec=fields.text("video_codec"),
        audio_codecs=fields.texts("audio_codecs"),
        subtitle_tracks=tuple(_track_from(track) for track in fields.inners("subtitle_tracks")),
        # Earlier sidecars did not say it.
        made_at=fields.moment("made_at") if "made_at" in fields.content else None,
    )


def _track_from(fields: Fields) -> SubtitleTrack:
    return SubtitleTrack(
        stream_index=fields.whole("stream_index"),
        codec=fields.text("codec"),
        language=fields.text_or_none("language"),
        title=fields.text("title"),
    )


def _scene_from(fields: Fields, video_id: VideoId) -> Scene:
    if fields.text("video_id") != video_id:
        message = "a scene belongs to another video"
        raise MalformedError(message)
    frames, embeddings = fields.inner("frames"), fields.inner("embeddings")
    tags, seen_tags = _tags_from(fields)
    return Scene(
        id=SceneId(fields.uuid("scene_id")),
        span=_span_from(fields, start="start_s", end="end_s"),
        keyframes=tuple(
            Keyframe(at_ms) for at_ms in milliseconds_of(frames.items("key_frames"), "frames.key_frames")
        ),
        transcript=transcript_from(fields.inner("transcript")),
        tags=tags,
        sampled_count=frames.whole("sampled_count"),
        embeddings={role: _space_from(embeddings.inner(role)) for role in embeddings.content},
        seen_tags=seen_tags,
        screen_texts=screen_texts_from(fields),
        people=people_from(fields),
        people_count=people_count_from(fields),
    )


def _tags_from(fields: Fields) -> tuple[dict[str, float], dict[str, float]]:
    """Return the measured and the seen tags; a tag that both gave is seen where that is the surer one."""
    together = fields.inner("vision_tags")
    tags = {tag: together.number(tag) for tag in together.content}
    if "measured_tags" not in fields.content:
        return tags, {}
    apart = fields.inner("measured_tags")
    measured = {tag: apart.number(tag) for tag in apart.content}
    return measured, {tag: score for tag, score in tags.items() if measured.get(tag) != score}


def _space_from(fields: Fields) -> EmbeddingSpace:
    return EmbeddingSpace(
        model=fields.text("model"),
        revision=fields.text("revision"),
        dimensions=fields.whole("dimensions"),
    )
