"""Text encoders: sentence-transformers models that lie in a folder of this computer."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference.room import Room, Seat, Seated, keep_quiet, says_no_room
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
    from sentence_transformers import SentenceTransformer

WEIGHTS_FILE = "model.safetensors"
KIND = "language model"


class SentenceEncoder:
    """A TextEncoder over a sentence-transformers folder with safetensors weights (Reimers & Gurevych, 2019).

    Nothing is asked of a network. torch is imported and the weights are read at the first `encode`; `space`
    only reads files. `name` stands for the model in `space`, by default the folder's name. `options` may
    hold the `query_prefix` and the `passage_prefix` that the model was trained with (E5 asks for
    "query: " and "passage: ", see its model card); else those count that the folder names as prompts.
    Where memory is short it takes smaller batches, then leaves its `seat` for the CPU, and `tell` hears it.
    Safe to share between threads: one encodes at a time.
    """

    logistic: Logistic | None = None
    """It knows texts only."""

    texts_at_once = 32
    """How many texts a CPU encodes together where there is room for them."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "",
        seat: Seat | None = None,
        options: Mapping[str, str] = MappingProxyType({}),
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self._folder = folder
        self._name = name or folder.name
        self._options = options
        self._seated = Seated(f"the {KIND} {self._name}", self._load, seat, tell=tell)
        self._room = Room(self._seated, on_cpu=self.texts_at_once)
        self._lock = Lock()

    @property
    def space(self) -> EmbeddingSpace:
        """The model's space. Raises ModelMissing.

        Its revision is the start of the weights' SHA-256; where texts get prefixes, of a SHA-256 over that
        and the prefixes, since the same weights make other vectors with other prefixes.
        """
        return self._space

    @cached_property
    def _space(self) -> EmbeddingSpace:
        digest = weights_sha256(self._folder / WEIGHTS_FILE, KIND)
        prefixes = [self._prefixes[purpose] for purpose in (Purpose.QUERY, Purpose.PASSAGE)]
        if any(prefixes):
            digest = hashlib.sha256(json.dumps([digest, *prefixes]).encode()).hexdigest()
        return EmbeddingSpace(self._name, digest[:REVISION_CHARACTERS], self._dimensions())

    @cached_property
    def _prefixes(self) -> Mapping[Purpose, str]:
        """What is put before a text: as the options say, else as the model's own description does."""
        described: Any = read_json(self._folder / "config_sentence_transformers.json")
        prompts: Any = described.get("prompts") if isinstance(described, dict) else None
        own: dict[str, str] = prompts if isinstance(prompts, dict) else {}
        passage = own.get("document", own.get("passage", own.get("corpus", "")))
        defaults = {Purpose.QUERY: own.get("query", ""), Purpose.PASSAGE: passage}
        return {purpose: self._options.get(f"{purpose}_prefix", defaults[purpose]) for purpose in Purpose}

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors of shape (len(texts), space.dimensions), float32; texts beyond the model's
        length are cut by it.

        Raises ModelMissing where the folder is not usable, OutOfMemory.
        """
        if not texts:
            return np.zeros((0, self.space.dimensions), np.float32)
        with self._lock:
            vectors = self._room.fit(lambda model, size: self._run(model, texts, purpose, size), len(texts))
        return unit_rows(np.asarray(vectors, np.float32))

    def _run(self, model: "SentenceTransformer", texts: Sequence[str], purpose: Purpose, size: int) -> Any:
        encode = model.encode_query if purpose is Purpose.QUERY else model.encode_document
        return encode(
            list(texts),
            prompt=self._prefixes[purpose],
            batch_size=size,
            normalize_embeddings=True,
            show_progress_bar=False,
        )

    def _load(self, seat: Seat) -> "SentenceTransformer":
        dimensions = self.space.dimensions
        model = self._read()
        if model.get_embedding_dimension() != dimensions:
            raise self._unusable(f"makes vectors of another length than its description says ({dimensions})")
        # Made coarser before it moves: the device may have no room for more.
        return model.to(torch_numbers(seat.precision)).to(seat.device)

    def _read(self) -> "SentenceTransformer":
        stay_offline()
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        try:
            return SentenceTransformer(
                str(self._folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, ImportError) as error:
            if says_no_room(error):
                raise
            raise self._unusable("cannot be loaded") from error

    def _dimensions(self) -> int:
        """Read the length of the vectors from the model's description, without loading it."""
        for part in reversed(self._parts()):
            described = read_json(self._folder / part / "config.json")
            for key in ("out_features", "embedding_dimension", "word_embedding_dimension", "hidden_size"):
                if isinstance(described.get(key), int):
                    return described[key]
        raise self._unusable("does not say how long its vectors are")

    def _parts(self) -> tuple[str, ...]:
        """Return the sub-folders of the model's layers, in the order in which they are applied."""
        listed: Any = read_json(self._folder / "modules.json", [])
        parts = [layer.get("path", "") for layer in listed]
        for part in parts:
            if _holds_only_pickles(self._folder / part):
                raise self._unusable("holds weights in a form that can carry programs")
        return ("", *parts)

    def _unusable(self, why: str) -> ModelMissing:
        return ModelMissing(f"The language model in {self._folder} {why}.", GET_IT)


def _holds_only_pickles(folder: Path) -> bool:
    pickled = any(any(folder.glob(pattern)) for pattern in ("*.bin", "*.pt", "*.pth", "*.pkl"))
    return pickled and not (folder / WEIGHTS_FILE).is_file()
