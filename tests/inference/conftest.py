"""A hub on this computer with a model that it publishes; real pictures, and face models in folders."""

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.models import Engine, Role
from heimdex_desktop.inference.model_download import DownloadProgress, download
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile
from heimdex_desktop.inference.native import environment_kept
from tests.inference.face_samples import RETAIL_MANIFEST
from tests.inference.hub_server import Hub, running_hub

REPOSITORY = "someone/tiny"
FILES = {
    "config.json": b'{"hidden_size": 4}',
    "1_Pooling/config.json": b'{"word_embedding_dimension": 4}',
    "model.safetensors": random.Random(1).randbytes(600_000),
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A running hub that the environment points at, and that no proxy stands before."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running_hub() as hub:
        hub.files[REPOSITORY] = dict(FILES)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


@pytest.fixture
def listed() -> ModelEntry:
    """A model whose fingerprints only its source knows."""
    return ModelEntry(
        name="tiny",
        role=Role.TEXT,
        engine=Engine.SENTENCE_TRANSFORMERS,
        licence="MIT",
        source=f"hf:{REPOSITORY}",
        revision="main",
        files=tuple(ModelFile(name) for name in FILES),
        speed="fast",
        dimensions=4,
    )


@pytest.fixture
def pinned(listed: ModelEntry) -> ModelEntry:
    """The same model with the fingerprints of its files in the list of models."""
    files = tuple(
        ModelFile(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in FILES.items()
    )
    return replace(listed, files=files, revision="a" * 40)


def get(entry: ModelEntry, models_folder: Path) -> Sequence[DownloadProgress]:
    """Download a model to the end and return all steps."""
    return list(download(entry, models_folder, licensed=False))


def assert_whole(models_folder: Path, entry: ModelEntry) -> None:
    folder = models_folder / entry.name
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES
    assert not (models_folder / f"{entry.name}.partial").exists()


ReadPicture = Callable[[str], Picture]


@pytest.fixture(scope="session")
def photo(real_media: Path) -> ReadPicture:
    """Read a picture of the real media by its place in them."""
    with environment_kept():
        import cv2

    def read(place: str) -> Picture:
        return np.asarray(cv2.imread(str(real_media / place)), np.uint8)

    return read


@pytest.fixture(scope="session")
def yunet(real_models: Path) -> Path:
    """A folder with YuNet."""
    return real_models / "face"


@pytest.fixture(scope="session")
def retail(real_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real face embedder and its manifest."""
    folder = tmp_path_factory.mktemp("retail")
    shutil.copy(real_models / "face" / "face_reidentification_retail_0095.onnx", folder)
    (folder / "face_model.toml").write_text(RETAIL_MANIFEST, "utf-8")
    return folder


@pytest.fixture(scope="session")
def random_facenet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with weights for FaceNet that know nobody, laid out like the published ones, head included."""
    with environment_kept():
        import torch
        from facenet_pytorch import InceptionResnetV1
    torch.manual_seed(7)
    weights = InceptionResnetV1(pretrained=None).state_dict()
    # Half precision halves the file; loading brings it back.
    weights = {name: value.half() if value.is_floating_point() else value for name, value in weights.items()}
    weights |= {"logits.weight": torch.zeros(8, 512), "logits.bias": torch.zeros(8)}
    folder = tmp_path_factory.mktemp("facenet")
    torch.save(weights, folder / "random-vggface2.pt")
    return folder
