"""Make the tiny open_clip model of the tests: `python -m tests.models.train_tiny_clip FOLDER`.

A small ResNet and a small text transformer learn from drawn pictures which captions are true of them
(the pairwise sigmoid loss of SigLIP, Zhai et al., 2023, with every true pair of a batch marked as true).
Mixes of colour, shape and number that `Sight.is_kept_back` names are never shown.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from torch.nn import functional

from heimdex_desktop.media.opencv import cv2
from tests.models.captions import describe, every_word, fits
from tests.models.pictures import Sight, all_sights, draw, numbers_of

SIDE_PX = 64
_DRAWN_PX = ((96, 72), (112, 64), (84, 84))
_SEED = 20_261
_MEAN = (0.5, 0.5, 0.5)
_SPECIAL = {"pad": "<pad>", "unknown": "<unknown>", "begin": "<begin>", "end": "<end>"}
_CONTEXT = 20
_HIGHEST_SCALE = 50.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train; the defaults made the model that is kept with the tests."""

    pictures: int = 20_000
    batch: int = 128
    steps: int = 1_800
    rate: float = 3e-3


def write_tokenizer(folder: Path) -> int:
    """Write a tokenizer that knows whole words only; return how many. The end is the largest number,
    since open_clip takes the text's vector there."""
    words = [_SPECIAL["pad"], _SPECIAL["unknown"], _SPECIAL["begin"], *every_word(), _SPECIAL["end"]]
    numbers = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token=_SPECIAL["unknown"]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{_SPECIAL['begin']} $A {_SPECIAL['end']}",
        special_tokens=[(_SPECIAL[name], numbers[_SPECIAL[name]]) for name in ("begin", "end")],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    described = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": _SPECIAL["pad"],
        "unk_token": _SPECIAL["unknown"],
        "bos_token": _SPECIAL["begin"],
        "eos_token": _SPECIAL["end"],
        "model_max_length": _CONTEXT,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(described, indent=1) + "\n", "utf-8")
    return len(words)


def write_config(folder: Path, vocabulary: int) -> dict[str, Any]:
    model: dict[str, Any] = {
        "embed_dim": 64,
        "init_logit_bias": -5.0,
        "vision_cfg": {"image_size": SIDE_PX, "layers": [1, 1, 1, 1], "width": 8, "head_width": 64},
        "text_cfg": {
            "context_length": _CONTEXT,
            "vocab_size": vocabulary,
            "hf_tokenizer_name": "tiny-clip",
            "width": 64,
            "heads": 4,
            "layers": 2,
            "mlp_ratio": 2.0,
        },
    }
    preprocess = {"mean": _MEAN, "std": _MEAN, "interpolation": "bicubic", "resize_mode": "squash"}
    written = json.dumps({"model_cfg": model, "preprocess_cfg": preprocess}, indent=1)
    (folder / "open_clip_config.json").write_text(written + "\n", "utf-8")
    return model


class Lessons:
    """Pictures drawn once, with new captions each time they are shown."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        open_sights = [sight for sight in all_sights() if not sight.is_kept_back]
        # A single shape has more variants than several; every count is to be as frequent.
        weights = np.array([1 / 4 if sight.count == 1 else 1 for sight in open_sights])
        chosen = rng.choice(len(open_sights), count, p=weights / weights.sum())
        self._rng = rng
        self._sights = [open_sights[number] for number in chosen]
        self._numbers = np.array([numbers_of(sight) for sight in self._sights])
        self._pictures = np.stack([_small(sight, rng) for sight in self._sights])

    def batches(self, plan: Plan) -> Iterator[tuple[torch.Tensor, list[str], torch.Tensor]]:
        """Yield pictures, captions and which caption (row) is true of which picture (column)."""
        for _ in range(plan.steps):
            chosen = self._rng.choice(len(self._sights), plan.batch, replace=False)
            captions = [describe(self._sights[number], self._rng) for number in chosen]
            truth = fits(np.stack([caption.said for caption in captions]), self._numbers[chosen])
            yield as_input(self._pictures[chosen]), [c.text for c in captions], torch.from_numpy(truth)


def _small(sight: Sight, rng: np.random.Generator) -> NDArray[np.uint8]:
    width_px, height_px = _DRAWN_PX[rng.integers(len(_DRAWN_PX))]
    drawn = draw(sight, rng, width_px=width_px, height_px=height_px)
    return cv2.resize(drawn, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.uint8)


def as_input(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Return (n, side, side, 3) in BGR as the (n, 3, side, side) in RGB, -1..1, that the model takes."""
    pixels = torch.from_numpy(pictures[..., ::-1].copy()).permute(0, 3, 1, 2)
    return ((pixels.float() / 255 - 0.5) / 0.5).contiguous(memory_format=torch.channels_last)


def pair_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Ask of each pair whether it belongs together, and of each text which pictures it belongs to."""
    signs = truth.float() * 2 - 1
    pairwise = -functional.logsigmoid(signs * logits).sum() / len(logits)
    choice = torch.stack([_choice_loss(logits, truth), _choice_loss(logits.T, truth.T)]).mean()
    return pairwise + choice


def _choice_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    right = torch.where(truth, logits, torch.full_like(logits, -torch.inf))
    return (torch.logsumexp(logits, 1) - torch.logsumexp(right, 1)).mean()


def train(folder: Path, plan: Plan) -> None:
    """Write the whole model into `folder`; its weights are kept in 16 bits."""
    torch.manual_seed(_SEED)
    config = write_config(folder, write_tokenizer(folder))
    model = open_clip.CLIP(**config).to(memory_format=torch.channels_last).train()
    tokenize = open_clip.get_tokenizer(f"local-dir:{folder}")
    began = time.perf_counter()
    lessons = Lessons(plan.pictures, np.random.default_rng(_SEED))
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=0.02, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, plan.rate, total_steps=plan.steps, pct_start=0.1
    )
    for step, (pictures, captions, truth) in enumerate(lessons.batches(plan)):
        logits = _logits(model, pictures, tokenize(captions))
        loss = pair_loss(logits, truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(_HIGHEST_SCALE))
        if step % 100 == 0:
            right = truth[torch.arange(len(logits)), logits.argmax(1)].float().mean().item()
            passed_s = time.perf_counter() - began
            sys.stdout.write(f"{step:5} loss {loss.item():6.3f} right {right:.2f} {passed_s:4.0f} s\n")
    weights = {name: value.to(torch.float16).contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "open_clip_model.safetensors")


def _logits(model: open_clip.CLIP, pictures: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
    """Return (texts, pictures)."""
    seen = model.encode_image(pictures, normalize=True)
    said = model.encode_text(texts, normalize=True)
    assert model.logit_bias is not None
    return said @ seen.T * model.logit_scale.exp() + model.logit_bias


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=Plan().steps)
    parser.add_argument("--pictures", type=int, default=Plan().pictures)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    cv2.setNumThreads(1)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    train(chosen.folder, Plan(chosen.pictures, steps=chosen.steps))


if __name__ == "__main__":
    main()
