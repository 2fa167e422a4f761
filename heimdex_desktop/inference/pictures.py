"""Picture encoders: open_clip models in a folder of this computer, with their texts about pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from heimdex_desktop.domain.contracts import Picture, Purpose, Vectors
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference.native import root_log_kept
from heimdex_desktop.inference.room import Room, Seat, Seated, keep_quiet, says_no_room
from heimdex_desktop.inference.self_test import Precision
from heimdex_desktop.inference.weights import (
    GET_IT,
    REVISION_CHARACTERS,
    read_json,
    stay_offline,
    torch_numbers,
    unit_rows,
    weights_sha256,
)

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

CONFIG_FILE = "open_clip_config.json"
WEIGHTS_FILE = "open_clip_model.safetensors"
_KIND = "picture model"
_PRECISIONS = {Precision.FLOAT32: "fp32", Precision.FLOAT16: "fp16", Precision.BFLOAT16: "bf16"}
"""The words of open_clip."""
_LEAST_VISION = {"layers": 1, "width": 64, "head_width": 64, "patch_size": 32, "image_size": 32}
"""A picture half that takes next to no memory, for who only wants the other one."""

_LONGEST_RIBBON = 8
"""How many times longer than wide a picture may be where only its middle is looked at."""

# All that open_clip and what it rests on raise for files of other models, or of none.
_UNUSABLE = (AssertionError, ImportError, KeyError, OSError, RuntimeError, TypeError, ValueError)
_Given = TypeVar("_Given")
_Encode = Callable[["LoadedClip", Sequence[_Given]], Vectors]


class Side(StrEnum):
    """How much of a model is brought into memory."""

    BOTH = "both"
    TEXTS = "texts"


class OpenClipModel:
    """A folder in open_clip's own format (Ilharco et al., 2021), loaded once for whoever encodes with it.

    Nothing is asked of a network, and only safetensors weights are read. torch is imported and the model
    loaded at the first encoding; `space` and `input_side_px` only read files. `name` stands for the model
    in `space`, by default the folder's name. With Side.TEXTS the weights for pictures are not read.
    Where its `seat` has no room it goes to the CPU, for all who encode with it, and `tell` hears it. Safe
    to share between threads: one encodes at a time.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "",
        seat: Seat | None = None,
        side: Side = Side.BOTH,
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self._folder = folder
        self._name = name or folder.name
        self._side = side
        self._seated = Seated(f"the {_KIND} {self._name}", self._load, seat, tell=tell)
        self._lock = Lock()

    @property
    def space(self) -> EmbeddingSpace:
        """The model's space; its revision is the start of the weights' SHA-256. Raises ModelMissing."""
        return self._space

    @property
    def input_side_px(self) -> int:
        """The longer side of the pictures that the network itself looks at. Raises ModelMissing."""
        size: Any = self._config.get("vision_cfg", {}).get("image_size", 224)
        return int(max(size)) if isinstance(size, list) else int(size)

    @property
    def logistic(self) -> Logistic | None:
        """The model's own opinion of a cosine, None where it was not trained to have one; loads the model."""
        with self._lock:
            return self._seated.network().logistic

    def room(self, size: int) -> "Room[LoadedClip]":
        """Return the room of one who encodes `size` pieces at once where it is on the CPU."""
        return Room(self._seated, on_cpu=size)

    def encode(self, given: Sequence[_Given], room: "Room[LoadedClip]", encode: _Encode[_Given]) -> Vectors:
        """Return unit vectors of shape (len(given), space.dimensions), float32, in batches that fit.

        Raises ModelMissing where the folder is not usable, OutOfMemory.
        """
        none = np.zeros((0, self.space.dimensions), np.float32)
        with self._lock:
            return np.concatenate([none, *room.over(given, encode)])

    @cached_property
    def _space(self) -> EmbeddingSpace:
        dimensions = self._config.get("embed_dim")
        if not isinstance(dimensions, int):
            raise self._unusable("does not say how long its vectors are")
        digest = weights_sha256(self._folder / WEIGHTS_FILE, _KIND)
        return EmbeddingSpace(self._name, digest[:REVISION_CHARACTERS], dimensions)

    @cached_property
    def _config(self) -> dict[str, Any]:
        config: Any = read_json(self._folder / CONFIG_FILE)
        described: Any = config.get("model_cfg") if isinstance(config, dict) else None
        if not isinstance(described, dict):
            sentence = f"The {_KIND} is not in {self._folder}: {CONFIG_FILE} is missing there, or damaged."
            raise ModelMissing(sentence, GET_IT)
        return described

    def _load(self, seat: Seat) -> "LoadedClip":
        # Without this file open_clip would take any other weights, pickles among them, or invent some.
        weights = self._folder / WEIGHTS_FILE
        if not weights.is_file():
            raise self._unusable(f"has no {WEIGHTS_FILE}")
        stay_offline()
        import open_clip
        from safetensors import SafetensorError

        make = self._make_whole if self._side is Side.BOTH else self._make_texts
        try:
            # It would set the log up, and warn that a half without its weights yet is random.
            with root_log_kept():
                network, prepare, cuts = make(_PRECISIONS[seat.precision])
                tokenize = open_clip.get_tokenizer(self._place, **self._tokenizer_options())
        except (*_UNUSABLE, SafetensorError) as error:
            if says_no_room(error):
                raise
            raise self._unusable("cannot be loaded") from error
        network = network.to(seat.device).eval()
        logistic = _logistic_of(network, self._config)
        return LoadedClip(network, prepare, tokenize, seat, cuts, logistic)

    def _make_whole(self, precision: str) -> tuple[Any, Any, bool]:
        """Return the network, its way to prepare a picture, and whether that cuts to the middle."""
        import open_clip

        made: Any = open_clip.create_model_and_transforms(self._place, precision=precision)
        network, _, prepare = made
        return network, prepare, network.visual.preprocess_cfg["resize_mode"] == "shortest"

    def _make_texts(self, precision: str) -> tuple[Any, Any, bool]:
        """Do the same for the half of texts: what is not copied out of the mapped file is never read."""
        import open_clip
        from torch.nn import Identity

        made: Any = open_clip.create_model_and_transforms(
            self._place,
            precision=precision,
            load_weights=False,
            pretrained_text=False,
            vision_cfg=_LEAST_VISION,
        )
        network, _, prepare = made
        network.visual = Identity()
        weights = str(self._folder / WEIGHTS_FILE)
        missing, others = open_clip.load_checkpoint(network, weights, strict=False)
        if missing or not all(name.startswith("visual.") for name in others):
            raise KeyError(*missing, *others)
        return network, prepare, False

    @property
    def _place(self) -> str:
        return f"local-dir:{self._folder}"

    def _tokenizer_options(self) -> dict[str, Any]:
        """Forbid programs that a tokenizer brings along; open_clip's own tokenizer has no such option."""
        own = not self._config.get("text_cfg", {}).get("hf_tokenizer_name")
        return {} if own else {"trust_remote_code": False}

    def _unusable(self, why: str) -> ModelMissing:
        return ModelMissing(f"The {_KIND} in {self._folder} {why}.", GET_IT)


class OpenClipPictures:
    """An ImageEncoder over the picture side of a model; `batch_size` is that for a CPU."""

    def __init__(self, model: OpenClipModel, *, batch_size: int = 16) -> None:
        self._model = model
        self._room = model.room(batch_size)

    @property
    def space(self) -> EmbeddingSpace:
        return self._model.space

    @property
    def input_side_px(self) -> int:
        """The longer side of the pictures that the network looks at: larger ones are shrunk to it."""
        return self._model.input_side_px

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        """Return unit vectors of shape (len(pictures), space.dimensions), float32, for pictures of any size.

        Raises ModelMissing where the model's folder is not usable, OutOfMemory.
        """
        return self._model.encode(pictures, self._room, LoadedClip.encode_pictures)


class OpenClipTexts:
    """A TextEncoder over the text side of a model: its vectors lie among those of the pictures.

    `batch_size` is that for a CPU.
    """

    def __init__(self, model: OpenClipModel, *, batch_size: int = 64) -> None:
        self._model = model
        self._room = model.room(batch_size)

    @property
    def space(self) -> EmbeddingSpace:
        return self._model.space

    @property
    def logistic(self) -> Logistic | None:
        """The model's own opinion of a cosine, None where it has none; loads the model."""
        return self._model.logistic

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:  # noqa: ARG002 - one way for both
        """Return unit vectors of shape (len(texts), space.dimensions), float32.

        Raises ModelMissing where the model's folder is not usable, OutOfMemory.
        """
        # "a photo of a dog" found nothing better than "dog" did: what is typed stays as it is.
        return self._model.encode(texts, self._room, LoadedClip.encode_texts)


@dataclass(frozen=True, slots=True)
class LoadedClip:
    """A model in memory, with its own ways to prepare pictures and texts."""

    network: Any
    prepare: "Callable[[Image], Tensor]"
    tokenize: "Callable[[list[str]], Tensor]"
    seat: Seat
    cuts_to_middle: bool
    logistic: Logistic | None

    def encode_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """Return unit vectors of shape (len(pictures), dimensions), float32, encoded in one piece."""
        import torch

        prepared = torch.stack([self.prepare(self._shown(picture)) for picture in pictures])
        return self._run(self.network.encode_image, prepared.to(torch_numbers(self.seat.precision)))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Do the same for texts; what is longer than the model reads is cut by it."""
        return self._run(self.network.encode_text, self.tokenize(list(texts)))

    def _run(self, encode: "Callable[[Tensor], Tensor]", prepared: "Tensor") -> Vectors:
        import torch

        with torch.inference_mode():
            return unit_rows(encode(prepared.to(self.seat.device)).float().cpu().numpy())

    def _shown(self, picture: Picture) -> "Image":
        # Its own transform goes through Pillow. One over tensors was not faster, and not quite equal.
        from PIL import Image

        seen = _middle(picture) if self.cuts_to_middle else picture
        return Image.fromarray(np.ascontiguousarray(seen[..., ::-1]))


def _logistic_of(network: Any, config: Mapping[str, Any]) -> Logistic | None:
    # open_clip gives a bias to networks whose configuration says where it starts, and to no others.
    bias, prior = network.logit_bias, config.get("init_logit_bias")
    if bias is None or prior is None:
        return None
    return Logistic(network.logit_scale.exp().item(), bias.item(), float(prior))


def _middle(picture: Picture) -> Picture:
    """Return the middle of a ribbon: scaled up to its shorter side it would fill the memory, unseen."""
    height, width = picture.shape[:2]
    longest = _LONGEST_RIBBON * min(height, width)
    top, left = max(0, height - longest) // 2, max(0, width - longest) // 2
    return picture[top : top + longest, left : left + longest]
