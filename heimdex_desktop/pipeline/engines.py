"""The engines of one worker process: each is made when it is first needed, on its device, and kept."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace
from heimdex_desktop.pipeline.notices import Notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from heimdex_desktop.domain.contracts import (
        FaceRecogniser,
        ImageEncoder,
        PictureEncoder,
        TextEncoder,
        TextReader,
    )
    from heimdex_desktop.inference.device import Device, Devices
    from heimdex_desktop.inference.pictures import OpenClipModel
    from heimdex_desktop.inference.tagger import ZeroShotTagger
    from heimdex_desktop.inference.threads import Threads
    from heimdex_desktop.inference.transcriber import WhisperTranscriber

_Encoder = TypeVar("_Encoder", bound="TextEncoder | PictureEncoder")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What engines are made from; plain values that travel to a child process.

    `former` are models whose vectors the search still needs while new ones are being made.
    """

    choices: "Mapping[Role, Choice]" = field(default_factory=dict[Role, Choice])
    former: tuple[Choice, ...] = ()
    device: str = "auto"
    spoken_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    vocabulary: Path = Path("vision_tags.toml")


class Engines:
    """Used by one thread of a worker process; `names` are those of people who may be spoken of."""

    def __init__(
        self, settings: EngineSettings, notices: Notices, names: "Callable[[], Sequence[str]]" = tuple
    ) -> None:
        self._settings = settings
        self._names = names
        self._notices = notices
        self._text_encoders: dict[tuple[str, EmbeddingSpace], TextEncoder] = {}
        self._query_pictures: dict[EmbeddingSpace, PictureEncoder] = {}

    @cached_property
    def transcriber(self) -> "WhisperTranscriber":
        from heimdex_desktop.inference.transcriber import SpeechOptions, WhisperTranscriber

        choice = self._settings.choices[Role.SPEECH]
        seat = self._devices.of(Engine.FASTER_WHISPER).seat
        options = SpeechOptions(
            seat, self._threads.ctranslate2, hotwords=self._settings.spoken_words, names=self._names
        )
        return WhisperTranscriber(
            folder_of(choice), name=choice.name, options=options, tell=self._notices.tell
        )

    @cached_property
    def text_encoder(self) -> "TextEncoder":
        return self._sentence_encoder(self._settings.choices[Role.TEXT])

    @cached_property
    def image_encoder(self) -> "ImageEncoder":
        from heimdex_desktop.inference.pictures import OpenClipPictures

        return OpenClipPictures(self._open_clip)

    @cached_property
    def tagger(self) -> "ZeroShotTagger":
        from heimdex_desktop.inference.pictures import OpenClipTexts
        from heimdex_desktop.inference.tagger import ZeroShotTagger
        from heimdex_desktop.inference.vocabulary import Vocabulary

        vocabulary = Vocabulary.load(self._settings.vocabulary, self._settings.tags)
        return ZeroShotTagger(OpenClipTexts(self._open_clip), vocabulary)

    @cached_property
    def text_reader(self) -> "TextReader":
        from heimdex_desktop.inference.text_reader import RapidReader

        return RapidReader(threads=self._threads.onnxruntime)

    @cached_property
    def face_recogniser(self) -> "FaceRecogniser":
        from heimdex_desktop.inference.face_recogniser import FaceMeans, build_recogniser
        from heimdex_desktop.inference.threads import limit_opencv

        limit_opencv(self._threads)
        detector, face = (self._settings.choices[role] for role in (Role.FACE_DETECTOR, Role.FACE))
        means = FaceMeans(self._threads.onnxruntime, self._torch.seat, self._notices.tell)
        return build_recogniser(detector, face, means)

    def query_encoder(self, role: str, space: EmbeddingSpace) -> "TextEncoder":
        """Return the encoder of queries that are compared with vectors of this space.

        Raises ModelMissing where none of the chosen and former models is in it.
        """
        if (role, space) not in self._text_encoders:
            self._text_encoders[role, space] = self._find_query_encoder(role, space)
        return self._text_encoders[role, space]

    def query_pictures(self, space: EmbeddingSpace) -> "PictureEncoder":
        """Return the encoder of pictures that are a question: on the CPU, and only where one is asked.

        Raises ModelMissing as `query_encoder` does.
        """
        from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures

        if space not in self._query_pictures:
            encoders = (
                OpenClipPictures(OpenClipModel(folder_of(choice), name=choice.name))
                for choice in self._ready(Role.VISION)
            )
            self._query_pictures[space] = _in_space(encoders, space)
        return self._query_pictures[space]

    def _find_query_encoder(self, role: str, space: EmbeddingSpace) -> "TextEncoder":
        wanted = Role.TEXT if role == TEXT else Role.VISION
        return _in_space((self._encoder_for_search(choice) for choice in self._ready(wanted)), space)

    def _ready(self, role: Role) -> "Iterator[Choice]":
        for choice in (*self._settings.choices.values(), *self._settings.former):
            if choice.role is role and choice.is_ready:
                yield choice

    def _encoder_for_search(self, choice: Choice) -> "TextEncoder":
        """A query is a line: on the CPU it is encoded at once, and the indexing keeps the GPU."""
        if choice.role is Role.TEXT:
            from heimdex_desktop.inference.encoders import SentenceEncoder

            return SentenceEncoder(folder_of(choice), name=choice.name, options=choice.options)
        from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipTexts, Side

        return OpenClipTexts(OpenClipModel(folder_of(choice), name=choice.name, side=Side.TEXTS))

    def _sentence_encoder(self, choice: Choice) -> "TextEncoder":
        from heimdex_desktop.inference.encoders import SentenceEncoder

        return SentenceEncoder(
            folder_of(choice),
            name=choice.name,
            seat=self._torch.seat,
            options=choice.options,
            tell=self._notices.tell,
        )

    @cached_property
    def _open_clip(self) -> "OpenClipModel":
        from heimdex_desktop.inference.pictures import OpenClipModel

        choice = self._settings.choices[Role.VISION]
        return OpenClipModel(
            folder_of(choice), name=choice.name, seat=self._torch.seat, tell=self._notices.tell
        )

    @cached_property
    def _torch(self) -> "Device":
        from heimdex_desktop.inference.threads import limit_torch

        limit_torch(self._threads)
        return self._devices.of(Engine.OPEN_CLIP)

    @cached_property
    def _devices(self) -> "Devices":
        from heimdex_desktop.inference.device import find_devices

        found = find_devices(self._settings.device)
        for note in found.notes:
            self._notices.tell(note)
        return found

    @cached_property
    def _threads(self) -> "Threads":
        from heimdex_desktop.inference.threads import Threads, usable_cores

        return Threads.for_cores(usable_cores())


def _in_space(encoders: "Iterable[_Encoder]", space: EmbeddingSpace) -> "_Encoder":
    from heimdex_desktop.domain.errors import ModelMissing

    for encoder in encoders:
        if encoder.space == space:
            return encoder
    raise ModelMissing(f"The model {space.model} is not here any more.", "Choose another one.")


def folder_of(choice: Choice) -> Path:
    """Return where the files of a chosen model lie. Raises ModelMissing where it has none."""
    if choice.folder is None:
        from heimdex_desktop.domain.errors import ModelMissing

        raise ModelMissing(choice.waits_for or f"{choice.name} has no files here.")
    return choice.folder
