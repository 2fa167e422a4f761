"""The computations of the self-test: a small network in torch, and one in CTranslate2.

Both are made from seeded random numbers, so no model is needed, and both consist of what real encoders
spend their time with: convolutions and matrix products.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.inference.self_test import Kind, Measured, Precision

_TAKES = 3
"""Timed runs after one that warms up: a device compiles, chooses and allocates in its first."""

_PIECES, _CHANNELS, _SIDE_PX, _WIDTH = 8, 64, 56, 1024
_LAYERS, _HEADS, _STATES, _INNER, _TOKENS, _TEXTS, _LENGTH = 2, 4, 256, 1024, 64, 8, 128


def measure_torch(kind: Kind, precision: Precision, factor: int) -> Measured:
    """Compute 8 × `factor` pieces: a 3×3 convolution, GELU and a matrix product; 0.6 GFLOP each."""
    import torch

    where, numbers_of = torch.device(kind.value), getattr(torch, precision.value)
    numbers = torch.Generator().manual_seed(0)
    some = torch.randn(_PIECES, _CHANNELS, _SIDE_PX, _SIDE_PX, generator=numbers)
    pictures = some.repeat(factor, 1, 1, 1).to(where, numbers_of)
    kernel = torch.randn(_CHANNELS, _CHANNELS, 3, 3, generator=numbers).div(24).to(where, numbers_of)
    matrix = torch.randn(_WIDTH, _WIDTH, generator=numbers).div(32).to(where, numbers_of)

    def compute() -> NDArray[np.float32]:
        seen = torch.nn.functional.conv2d(pictures, kernel, padding=1)
        rows = torch.nn.functional.gelu(seen).reshape(len(pictures), -1, _WIDTH) @ matrix
        _wait_for(torch, kind)
        return rows[0].float().cpu().numpy()

    with torch.inference_mode():
        return _timed(compute)


def measure_speech_engine(kind: Kind, precision: Precision, factor: int) -> Measured:
    """Compute 8 × `factor` texts of 128 words with a transformer of two layers, in CTranslate2.

    CTranslate2 loads CUDA's libraries only when it computes, so that asking it for its devices proves
    nothing. Raises RuntimeError where they are missing.
    """
    import ctranslate2

    texts = np.random.default_rng(1).integers(0, _TOKENS, (_TEXTS, _LENGTH)).tolist() * factor
    with tempfile.TemporaryDirectory(prefix="heimdex-", ignore_cleanup_errors=True) as folder:
        _write_encoder(Path(folder))
        encoder = ctranslate2.Encoder(folder, device=kind.value, compute_type=precision.value)

        def compute() -> NDArray[np.float32]:
            states = encoder.forward_batch(texts).last_hidden_state
            there = states.to(ctranslate2.DataType.float32).to_device(ctranslate2.Device.cpu)
            return np.array(there, np.float32)[:_TEXTS]

        return _timed(compute)


def speech_precisions(kind: Kind) -> frozenset[str]:
    """Return the kinds of numbers that CTranslate2 says it can use on a device; none where it is none."""
    import ctranslate2

    if kind is Kind.MPS or (kind is Kind.CUDA and not ctranslate2.get_cuda_device_count()):
        return frozenset()
    return frozenset(ctranslate2.get_supported_compute_types(kind.value))


def _timed(compute: Callable[[], NDArray[np.float32]]) -> Measured:
    result = compute()
    takes: list[float] = []
    for _ in range(_TAKES):
        started = time.perf_counter()
        result = compute()
        takes.append(time.perf_counter() - started)
    return Measured(statistics.median(takes), result)


def _wait_for(torch: Any, kind: Kind) -> None:
    if kind is Kind.CUDA:
        torch.cuda.synchronize()
    elif kind is Kind.MPS:
        torch.mps.synchronize()


def _write_encoder(folder: Path) -> None:
    """Write a transformer of random weights in CTranslate2's format."""
    from ctranslate2.specs import TransformerEncoderModelSpec, TransformerEncoderSpec

    numbers = np.random.default_rng(0)
    encoder: Any = TransformerEncoderSpec(_LAYERS, _HEADS)
    encoder.embeddings[0].weight = numbers.standard_normal((_TOKENS, _STATES), np.float32)
    encoder.position_encodings.encodings = np.zeros((_LENGTH, _STATES), np.float32)
    _fill_norm(encoder.layer_norm)
    for layer in encoder.layer:
        _fill_norm(layer.self_attention.layer_norm)
        _fill_norm(layer.ffn.layer_norm)
        _fill_linear(layer.self_attention.linear[0], (3 * _STATES, _STATES), numbers)
        _fill_linear(layer.self_attention.linear[1], (_STATES, _STATES), numbers)
        _fill_linear(layer.ffn.linear_0, (_INNER, _STATES), numbers)
        _fill_linear(layer.ffn.linear_1, (_STATES, _INNER), numbers)
    model: Any = TransformerEncoderModelSpec(encoder)
    model.register_vocabulary([str(number) for number in range(_TOKENS)])
    model.config.unk_token = "0"  # noqa: S105 - a word of the vocabulary
    model.validate()
    model.optimize()
    model.save(str(folder))


def _fill_norm(norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(_STATES, np.float32), np.zeros(_STATES, np.float32)


def _fill_linear(linear: Any, shape: tuple[int, int], numbers: np.random.Generator) -> None:
    linear.weight = numbers.standard_normal(shape, np.float32) / np.float32(np.sqrt(shape[1]))
    linear.bias = np.zeros(shape[0], np.float32)
