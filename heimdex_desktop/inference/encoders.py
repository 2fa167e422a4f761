"""Text encoders: sentence-transformers models that lie in a folder of this computer."""

import hashlib
import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.errors import MachineError, ModelMissing, OutOfMemory
from heimdex_desktop.domain.scene import EmbeddingSpace

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WEIGHTS_FILE = "model.safetensors"
_REVISION_CHARACTERS = 16
_READ_BYTES = 1 << 20
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}
_GET_IT = "Put the whole model into that folder, or choose another one."


class SentenceEncoder:
    """A TextEncoder over a sentence-transformers folder with safetensors weights (Reimers & Gurevych, 2019).

    Nothing is asked of a network. torch is imported and the weights are read at the first `encode`; `space`
    only reads files. `name` stands for the model in `space`, by default the folder's name. Safe to share
    between threads: one encodes at a time.
    """

    def __init__(self, folder: Path, *, name: str = "", device: str = "cpu", batch_size: int = 32) -> None:
        self._folder = folder
        self._name = name or folder.name
        self._device = device
        self._batch_size = batch_size
        self._lock = Lock()

    @property
    def space(self) -> EmbeddingSpace:
        """The model's space; its revision is the start of the weights' SHA-256. Raises ModelMissing."""
        return self._space

    @cached_property
    def _space(self) -> EmbeddingSpace:
        digest = weights_sha256(self._folder)
        return EmbeddingSpace(self._name, digest[:_REVISION_CHARACTERS], self._dimensions())

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors of shape (len(texts), space.dimensions), float32; texts beyond the model's
        length are cut by it.

        Raises ModelMissing where the folder is not usable, OutOfMemory.
        """
        if not texts:
            return np.zeros((0, self.space.dimensions), np.float32)
        with self._lock, _our_memory_errors(self._name):
            model = self._model
            encode = model.encode_query if purpose is Purpose.QUERY else model.encode_document
            vectors = encode(
                list(texts), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
            )
        return _unit_rows(np.asarray(vectors, np.float32))

    @cached_property
    def _model(self) -> "SentenceTransformer":
        dimensions = self.space.dimensions
        model = self._load()
        if model.get_embedding_dimension() != dimensions:
            raise self._unusable(f"makes vectors of another length than its description says ({dimensions})")
        return model

    def _load(self) -> "SentenceTransformer":
        # They are read when the libraries are imported, and only then.
        os.environ.update({key: value for key, value in _OFFLINE.items() if key not in os.environ})
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        try:
            return SentenceTransformer(
                str(self._folder),
                device=self._device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise self._unusable("cannot be loaded") from error

    def _dimensions(self) -> int:
        """Read the length of the vectors from the model's description, without loading it."""
        for part in reversed(self._parts()):
            described = _read_json(self._folder / part / "config.json")
            for key in ("out_features", "embedding_dimension", "word_embedding_dimension", "hidden_size"):
                if isinstance(described.get(key), int):
                    return described[key]
        raise self._unusable("does not say how long its vectors are")

    def _parts(self) -> tuple[str, ...]:
        """Return the sub-folders of the model's layers, in the order in which they are applied."""
        listed: Any = _read_json(self._folder / "modules.json", [])
        parts = [layer.get("path", "") for layer in listed]
        for part in parts:
            if _holds_only_pickles(self._folder / part):
                raise self._unusable("holds weights in a form that can carry programs")
        return ("", *parts)

    def _unusable(self, why: str) -> ModelMissing:
        return ModelMissing(f"The language model in {self._folder} {why}.", _GET_IT)


def weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of a model's weights as hexadecimal digits.

    Raises ModelMissing where the folder or its safetensors file is not there, MachineError where it cannot
    be read.
    """
    file = folder / WEIGHTS_FILE
    digest = hashlib.sha256()
    try:
        with file.open("rb") as weights:
            while piece := weights.read(_READ_BYTES):
                digest.update(piece)
    except (FileNotFoundError, NotADirectoryError) as error:
        sentence = f"The language model is not in {folder}: {WEIGHTS_FILE} is missing there."
        raise ModelMissing(sentence, _GET_IT) from error
    except OSError as error:
        raise MachineError(f"The language model in {folder} cannot be read.", _GET_IT) from error
    return digest.hexdigest()


@contextmanager
def _our_memory_errors(name: str) -> Generator[None]:
    """Turn the ways in which torch says "no room" into OutOfMemory."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # torch has a type of its own for CUDA only; on the CPU and on Apple's GPU the text has to tell.
        told = ("out of memory", "can't allocate memory", "not enough memory")
        if isinstance(error, RuntimeError) and not any(words in str(error) for words in told):
            raise
        sentence = f"There was not enough memory for the language model {name}."
        raise OutOfMemory(sentence, "Close other programs, or choose a smaller model.") from error


def _unit_rows(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)


def _read_json(file: Path, otherwise: Any = None) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {} if otherwise is None else otherwise


def _holds_only_pickles(folder: Path) -> bool:
    pickled = any(any(folder.glob(pattern)) for pattern in ("*.bin", "*.pt", "*.pth", "*.pkl"))
    return pickled and not (folder / WEIGHTS_FILE).is_file()
