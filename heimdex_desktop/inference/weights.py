"""What networks in a folder of this computer share: no network, a revision, our errors, unit vectors."""

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.errors import MachineError, ModelMissing
from heimdex_desktop.inference.self_test import Precision

if TYPE_CHECKING:
    import torch

GET_IT = "Put the whole model into that folder, or choose another one."
REVISION_CHARACTERS = 16
_READ_BYTES = 1 << 20
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}


def torch_numbers(precision: Precision) -> "torch.dtype":
    """Return the kind of numbers by torch's own name. Loads torch."""
    import torch

    return getattr(torch, precision.value)


def stay_offline() -> None:
    """Tell the libraries to ask no network. They look when they are imported, so call it before that."""
    os.environ.update({key: value for key, value in _OFFLINE.items() if key not in os.environ})


def weights_sha256(weights: Path, kind: str) -> str:
    """Return the SHA-256 of a file of weights as hexadecimal digits; `kind` names the model for a person.

    Raises ModelMissing where the file or its folder is not there, MachineError where it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with weights.open("rb") as file:
            while piece := file.read(_READ_BYTES):
                digest.update(piece)
    except (FileNotFoundError, NotADirectoryError) as error:
        sentence = f"The {kind} is not in {weights.parent}: {weights.name} is missing there."
        raise ModelMissing(sentence, GET_IT) from error
    except OSError as error:
        raise MachineError(f"The {kind} in {weights.parent} cannot be read.", GET_IT) from error
    return digest.hexdigest()


def unit_rows(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)


def read_json(file: Path, otherwise: Any = None) -> Any:
    """Return what a JSON file holds; `otherwise` (or an empty dict) where it is missing or damaged."""
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {} if otherwise is None else otherwise
