"""People in photos and films, and face models to tell them apart: real ones, small enough for tests."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import av
import cv2
import numpy as np

from heimdex_desktop.inference.face_manifest import MANIFEST_FILE
from tests.inference.face_samples import RETAIL_MANIFEST

BUSH, BLAIR = "George_W_Bush", "Tony_Blair"


def photo(media: Path, name: str, number: int) -> Path:
    return media / "faces" / name / f"{name}_{number:04}.jpg"


def write_film(path: Path, *pictures: Path) -> Path:
    """Write a film that shows each picture for three seconds, the face moving a little."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 480, 480, "yuv420p"
        for file in pictures:
            content = cv2.imread(str(file))
            assert content is not None
            picture = np.asarray(cv2.resize(content, (500, 500)), np.uint8)
            for number in range(30):
                shift = number % 10
                cut = np.ascontiguousarray(picture[shift : shift + 480, shift : shift + 480])
                container.mux(stream.encode(av.VideoFrame.from_ndarray(cut, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def settings_with_faces(models: Path, folder: Path) -> Mapping[str, str]:
    """Return the settings of a person who agreed to faces, with small real models."""
    finds, tells = folder / "finds", folder / "tells"
    finds.mkdir()
    tells.mkdir()
    shutil.copy(models / "face" / "face_detection_yunet_2023mar.onnx", finds)
    shutil.copy(models / "face" / "face_reidentification_retail_0095.onnx", tells)
    (tells / MANIFEST_FILE).write_text(RETAIL_MANIFEST, "utf-8")
    return {
        "HEIMDEX_FACES": "1",
        "HEIMDEX_FACE_DETECTOR": str(finds),
        "HEIMDEX_FACE_MODEL": str(tells),
        "HEIMDEX_TEXT_MODEL": "none",
    }


def choose_another(chosen: Mapping[str, str], folder: Path) -> Mapping[str, str]:
    """Return the settings of a person who changed to another face model, which cuts faces out otherwise."""
    folder.mkdir()
    former = Path(chosen["HEIMDEX_FACE_MODEL"])
    shutil.copy(former / "face_reidentification_retail_0095.onnx", folder)
    manifest = RETAIL_MANIFEST.replace("[64.0336, 81.9847]", "[64.0336, 83.5]")
    (folder / MANIFEST_FILE).write_text(manifest.replace('name = "face', 'name = "other-face'), "utf-8")
    return {**chosen, "HEIMDEX_FACE_MODEL": str(folder)}
