"""What an ONNX face model wants to be given: read from a small TOML file beside it."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NoReturn, cast

from heimdex_desktop.domain.errors import ModelMissing

MANIFEST_FILE = "face_model.toml"
_ADVICE = "Put the whole model with its description into that folder, or choose another one."
_POINTS = 5
_MOST_PX = 1024
_MOST_DIMENSIONS = 8192


@dataclass(frozen=True, slots=True)
class FaceManifest:
    """A face model of the ArcFace kind: a picture of an aligned face goes in, a vector comes out.

    `file` is the ONNX file beside the manifest. It takes pictures of `width_px` and `height_px` whose
    colours come in the order `channels` ("BGR" or "RGB"), each as `(pixel - mean) * scale`, with one mean
    per channel. `points_px` is where the five points of a face, in the order of `domain.faces.Points`,
    must lie. Two faces whose vectors of `dimensions` numbers have a cosine above `threshold` are probably
    of one person.
    """

    file: str
    name: str
    width_px: int
    height_px: int
    channels: str
    mean: tuple[float, ...]
    scale: float
    points_px: tuple[tuple[float, float], ...]
    dimensions: int
    licence: str
    threshold: float

    @property
    def size_px(self) -> tuple[int, int]:
        return self.width_px, self.height_px


def read_manifest(folder: Path) -> FaceManifest:
    """Read the manifest of a folder; raises ModelMissing where it is absent or cannot be understood."""
    try:
        return _manifest(tomllib.loads((folder / MANIFEST_FILE).read_text("utf-8")))
    except OSError as error:
        sentence = f"The face model in {folder} has no description ({MANIFEST_FILE}) that can be read."
        raise ModelMissing(sentence, _ADVICE) from error
    except ValueError as error:
        sentence = f"The description of the face model in {folder} cannot be used: {error}."
        raise ModelMissing(sentence, _ADVICE) from error


def _manifest(table: Mapping[str, object]) -> FaceManifest:
    return FaceManifest(
        file=_bare_name(table, "file"),
        name=_text(table, "name"),
        width_px=_whole(table, "width_px", most=_MOST_PX),
        height_px=_whole(table, "height_px", most=_MOST_PX),
        channels=_channels(table, "channels"),
        mean=_mean(table, "mean"),
        scale=_number(table.get("scale"), "scale"),
        points_px=_points(table, "points_px"),
        dimensions=_whole(table, "dimensions", most=_MOST_DIMENSIONS),
        licence=_text(table, "licence"),
        threshold=_number(table.get("threshold"), "threshold"),
    )


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) and value else _refuse(key, "a text")


def _bare_name(table: Mapping[str, object], key: str) -> str:
    """Return the name of a file of the same folder: a description must not reach outside."""
    name = _text(table, key)
    return name if PurePath(name).name == name and "\\" not in name else _refuse(key, "a file of its folder")


def _channels(table: Mapping[str, object], key: str) -> str:
    value = _text(table, key)
    return value if value in {"BGR", "RGB"} else _refuse(key, "BGR or RGB")


def _whole(table: Mapping[str, object], key: str, *, most: int) -> int:
    value = table.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
        return value
    return _refuse(key, f"a whole number from 1 to {most}")


def _number(value: object, key: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return _refuse(key, "a number")


def _numbers(value: object, key: str, count: int) -> tuple[float, ...]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(_number(item, key) for item in items) if len(items) == count else _refuse(key, "complete")


def _mean(table: Mapping[str, object], key: str) -> tuple[float, ...]:
    value = table.get(key)
    return _numbers(value if isinstance(value, list) else [value] * 3, key, 3)


def _points(table: Mapping[str, object], key: str) -> tuple[tuple[float, float], ...]:
    value = table.get(key)
    pairs = cast("list[object]", value) if isinstance(value, list) else []
    if len(pairs) != _POINTS:
        return _refuse(key, "a list of five points")
    return tuple((x, y) for x, y in (_numbers(pair, key, 2) for pair in pairs))


def _refuse(key: str, wanted: str) -> NoReturn:
    message = f"{key} is not {wanted}"
    raise ValueError(message)
