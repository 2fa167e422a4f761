"""Which model fills which role, and whether it is at hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

NONE = "none"
"""What a setting says of a role that is to stay empty."""


class Role(StrEnum):
    """What a model is for; the value names its setting (`speech` is `speech_model`, and so on)."""

    SPEECH = "speech"
    TEXT = "text"
    VISION = "vision"
    TEXT_READER = "text_reader"
    FACE_DETECTOR = "face_detector"
    FACE = "face"


class Engine(StrEnum):
    """Which code runs a model's files."""

    FASTER_WHISPER = "faster-whisper"
    SENTENCE_TRANSFORMERS = "sentence-transformers"
    OPEN_CLIP = "open_clip"
    RAPIDOCR = "rapidocr"
    MTCNN = "mtcnn"
    YUNET = "yunet"
    FACENET = "facenet"
    SFACE = "sface"
    FACE_ONNX = "face-onnx"


class ModelState(StrEnum):
    """How a model of the list stands on this computer."""

    READY = "ready"
    MISSING = "missing"
    DOWNLOADING = "downloading"
    BROKEN = "broken"
    NOT_LICENSED = "not licensed"


@dataclass(frozen=True, slots=True)
class Choice:
    """The model chosen for a role, or what the role waits for.

    `folder` holds its files; None for an engine whose files come inside a package. `revision` differs
    whenever the files do. `options` are the engine's own, such as the prefixes of a text model.
    With `waits_for` (a sentence for a person) set, nothing else is.
    """

    role: Role
    name: str = ""
    engine: Engine | None = None
    folder: Path | None = None
    revision: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    waits_for: str = ""

    @property
    def is_ready(self) -> bool:
        return self.engine is not None

    @property
    def is_none(self) -> bool:
        """Whether the role is left empty on purpose."""
        return self.engine is None and not self.waits_for

    @property
    def is_of_faces(self) -> bool:
        """Whether it may only be used where a person has agreed to that."""
        return self.role in {Role.FACE, Role.FACE_DETECTOR}
