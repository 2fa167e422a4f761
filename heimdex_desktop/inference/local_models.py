"""Finds out what kind of model lies in a folder that a person names, without loading it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.models import Engine, Role
from heimdex_desktop.inference.encoders import KIND, WEIGHTS_FILE
from heimdex_desktop.inference.face_manifest import MANIFEST_FILE, read_manifest
from heimdex_desktop.inference.model_disk import told_plainly
from heimdex_desktop.inference.model_manifest import MANIFEST
from heimdex_desktop.inference.weights import weights_sha256

_SAMPLE_BYTES = 1 << 20
_REVISION_CHARACTERS = 16
_MODEL_ENDINGS = {
    ".json",
    ".txt",
    ".bin",
    ".safetensors",
    ".onnx",
    ".onnx_data",
    ".pt",
    ".pth",
    ".model",
    ".toml",
}
_PAPERS = ("license", "licence", "readme", "notice")


@dataclass(frozen=True, slots=True)
class LocalModel:
    """What lies in a folder: the engine for it, and digits that differ whenever the files do."""

    engine: Engine
    revision: str


def recognise(role: Role, folder: Path) -> LocalModel | None:
    """Return the model for a role that lies in a folder, None where there is none.

    The revision of a text model is the start of its weights' SHA-256, as in the space of its encoder; that
    reads them whole. Others are told apart by names, sizes and both ends of their files. Raises NoAccess, and
    ModelMissing for an ONNX face model whose description is absent or cannot be used.
    """
    with told_plainly(folder):
        return _RECOGNISERS[role](folder) if folder.is_dir() else None


def _speech(folder: Path) -> LocalModel | None:
    has_words = any(_holds(folder, name) for name in ("vocabulary.json", "vocabulary.txt", "tokenizer.json"))
    if not (_holds(folder, "model.bin") and _holds(folder, "config.json") and has_words):
        return None
    return LocalModel(Engine.FASTER_WHISPER, _fingerprint(_model_files(folder)))


def _text(folder: Path) -> LocalModel | None:
    is_described = _holds(folder, "modules.json") or _holds(folder, "config.json")
    if not (is_described and _holds(folder, WEIGHTS_FILE)):
        return None
    return LocalModel(
        Engine.SENTENCE_TRANSFORMERS, weights_sha256(folder / WEIGHTS_FILE, KIND)[:_REVISION_CHARACTERS]
    )


def _vision(folder: Path) -> LocalModel | None:
    if not _holds(folder, "open_clip_config.json"):
        return None
    return LocalModel(Engine.OPEN_CLIP, _fingerprint(_model_files(folder)))


def _face_detector(folder: Path) -> LocalModel | None:
    return _single(Engine.YUNET, [file for file in _files(folder, "*.onnx") if _is_detector(file)])


def _face(folder: Path) -> LocalModel | None:
    embedders = [file for file in _files(folder, "*.onnx") if not _is_detector(file)]
    sface = [file for file in embedders if "sface" in file.name.lower()]
    if _holds(folder, MANIFEST_FILE) or (embedders and not sface):
        described = read_manifest(folder).file, MANIFEST_FILE
        is_whole = all(_holds(folder, name) for name in described)
        parts = ((name, folder / name) for name in described)
        return LocalModel(Engine.FACE_ONNX, _fingerprint(parts)) if is_whole else None
    return _single(Engine.SFACE, sface) or _single(Engine.FACENET, _files(folder, "*.pt"))


def _single(engine: Engine, files: list[Path]) -> LocalModel | None:
    """Return the model that is one file, the first by name."""
    return LocalModel(engine, _fingerprint(iter([(files[0].name, files[0])]))) if files else None


def _nothing(_: Path) -> LocalModel | None:
    return None


_RECOGNISERS: Mapping[Role, Callable[[Path], LocalModel | None]] = {
    Role.SPEECH: _speech,
    Role.TEXT: _text,
    Role.VISION: _vision,
    # RapidOCR's own models come inside its package.
    Role.TEXT_READER: _nothing,
    Role.FACE_DETECTOR: _face_detector,
    Role.FACE: _face,
}


def _holds(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def _is_detector(file: Path) -> bool:
    return "yunet" in file.name.lower()


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(file for file in folder.glob(pattern) if file.is_file() and not file.name.startswith("."))


def _model_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files that can make a difference to a model, with their names inside its folder."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        is_paper = file.name.lower().startswith(_PAPERS) or file.name == MANIFEST
        is_hidden = any(part.startswith(".") for part in Path(name).parts)
        if file.suffix in _MODEL_ENDINGS and not (is_paper or is_hidden) and file.is_file():
            yield name, file


def _fingerprint(files: Iterator[tuple[str, Path]]) -> str:
    """Return digits over names, sizes, and the first and last mebibyte: weights are gigabytes, and training
    changes every part of them."""
    digest = hashlib.sha256()
    for name, file in files:
        size_bytes = file.stat().st_size
        digest.update(f"{name}\0{size_bytes}\0".encode())
        with file.open("rb") as content:
            digest.update(content.read(_SAMPLE_BYTES))
            content.seek(max(0, size_bytes - _SAMPLE_BYTES))
            digest.update(content.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:_REVISION_CHARACTERS]
