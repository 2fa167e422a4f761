"""A face, without its vector, and what stands for one, as fields of a JSON object."""

from typing import Any

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.faces import DECIMALS, FaceObservation, FaceQuality
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.json_fields import Fields

_POINTS = 5


def face_fields(face: FaceObservation) -> dict[str, Any]:
    """Return where a face is in its picture and how well it is seen."""
    box, quality = face.box, face.quality
    return {
        "box": [round(share, DECIMALS) for share in (box.left, box.top, box.right, box.bottom)],
        "points": [round(share, DECIMALS) for point in face.points for share in point],
        "size_px": quality.size_px,
        "grades": [
            round(share, DECIMALS) for share in (face.confidence, quality.sharpness, quality.frontality)
        ],
    }


def face_from(fields: Fields, vector: Vectors | None) -> FaceObservation:
    """Read a face; `vector`, shape (d,), is kept elsewhere. Raises MalformedError."""
    confidence, sharpness, frontality = fields.shares("grades", 3)
    flat = fields.shares("points", 2 * _POINTS)
    return FaceObservation(
        box=Box(*fields.shares("box", 4)),
        points=tuple(zip(flat[::2], flat[1::2], strict=True)),
        confidence=confidence,
        quality=FaceQuality(fields.whole("size_px"), sharpness, frontality),
        vector=vector,
    )


def face_ref_fields(face: FaceRef) -> dict[str, object]:
    """Return where and when a face is seen, as exactly as it is known."""
    box = face.box
    corners = [box.left, box.top, box.right, box.bottom]
    return {"video_id": face.video_id, "at_ms": face.at_ms, "box": corners}


def face_ref_from(fields: Fields) -> FaceRef:
    """Read where and when a face is seen. Raises MalformedError."""
    return FaceRef(VideoId(fields.uuid("video_id")), fields.whole("at_ms"), Box(*fields.shares("box", 4)))
