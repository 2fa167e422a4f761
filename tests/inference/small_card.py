"""A graphics card that is a part of the CPU: real networks run on it, and torch itself refuses too much."""

from dataclasses import dataclass, field, replace
from typing import Any

import torch

from heimdex_desktop.inference.encoders import SentenceEncoder
from heimdex_desktop.inference.face_detectors import MtcnnDetector
from heimdex_desktop.inference.face_embedders import FacenetEmbedder
from heimdex_desktop.inference.pictures import LoadedClip, OpenClipModel
from heimdex_desktop.inference.room import Seat
from heimdex_desktop.inference.self_test import Precision

NO_LESS_BYTES = 1 << 50
"""More than any computer has: a petabyte."""


@dataclass
class Card:
    """Has room for `fits` items at a time, and notes how many each batch had."""

    fits: int
    sizes: list[int] = field(default_factory=list[int])

    def seat(self, precision: Precision = Precision.FLOAT32, *, batch_factor: int = 1) -> Seat:
        return Seat("cuda", precision, batch_factor)

    def admit(self, size: int) -> None:
        """Ask for as much memory as no computer has where a batch is too large."""
        self.sizes.append(size)
        if size > self.fits:
            torch.empty(NO_LESS_BYTES, dtype=torch.uint8)

    def watch(self, network: torch.nn.Module) -> None:
        """Admit whatever a network is given."""

        def admit(_: torch.nn.Module, given: tuple[Any, ...]) -> None:
            first = given[0]
            self.admit(len(first if isinstance(first, torch.Tensor) else first["input_ids"]))

        network.register_forward_pre_hook(admit)


class FacenetOnCard(FacenetEmbedder):
    """The real embedder on a small card."""

    card: Card

    def _load(self, seat: Seat) -> torch.nn.Module:
        network = super()._load(replace(seat, device="cpu"))
        if not seat.is_cpu:
            self.card.watch(network)
        return network


class MtcnnOnCard(MtcnnDetector):
    """The real detector on a small card; what it counts are the scales that a picture is looked at with."""

    card: Card

    def _load(self, seat: Seat) -> Any:
        networks = super()._load(replace(seat, device="cpu"))
        if not seat.is_cpu:
            self.card.watch(networks[0])
        return networks


class TextsOnCard(SentenceEncoder):
    """The real encoder on a small card."""

    card: Card

    def _load(self, seat: Seat) -> Any:
        model = super()._load(replace(seat, device="cpu"))
        if not seat.is_cpu:
            self.card.watch(model[0])
        return model


class ClipOnCard(OpenClipModel):
    """The real model on a small card."""

    card: Card
    loads = 0

    def _load(self, seat: Seat) -> LoadedClip:
        self.loads += 1
        loaded = super()._load(replace(seat, device="cpu"))
        if not seat.is_cpu:
            self.card.watch(loaded.network.visual)
            self.card.watch(loaded.network.transformer)
        return loaded
