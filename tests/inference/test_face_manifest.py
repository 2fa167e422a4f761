"""The manifest of a face model is read with distrust."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.inference.face_manifest import read_manifest
from tests.inference.face_samples import RETAIL_MANIFEST


def _write(folder: Path, text: str) -> Path:
    (folder / "face_model.toml").write_text(text, "utf-8")
    return folder


def test_a_whole_manifest_is_understood(tmp_path: Path) -> None:
    manifest = read_manifest(_write(tmp_path, RETAIL_MANIFEST))
    assert manifest.size_px == (128, 128)
    assert manifest.mean == (0, 0, 0)
    assert manifest.points_px[2] == (64.0336, 81.9847)
    assert manifest.licence == "Apache-2.0"


def test_the_example_of_the_readme_is_understood(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    example = readme.split("```toml\n# face_model.toml\n")[1].split("```")[0]
    assert read_manifest(_write(tmp_path, example)).name == "my-faces"


def test_means_may_differ_per_channel(tmp_path: Path) -> None:
    text = RETAIL_MANIFEST.replace("mean = 0", "mean = [1, 2.5, 3]")
    assert read_manifest(_write(tmp_path, text)).mean == (1, 2.5, 3)


def test_a_folder_without_one_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"face_model\.toml") as raised:
        read_manifest(tmp_path)
    assert raised.value.advice


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"face_reidentification_retail_0095.onnx"', '"../elsewhere.onnx"'),
        ('"face_reidentification_retail_0095.onnx"', '"/etc/passwd"'),
        ('"face_reidentification_retail_0095.onnx"', '"C:\\\\model.onnx"'),
        ('"face_reidentification_retail_0095.onnx"', "7"),
        ("width_px = 128", "width_px = 0"),
        ("width_px = 128", "width_px = 1000000"),
        ("height_px = 128", "height_px = 12.5"),
        ('"BGR"', '"GREY"'),
        ("mean = 0", "mean = [1, 2]"),
        ("scale = 1", "scale = nan"),
        ("scale = 1", "scale = true"),
        ("[64.0336, 81.9847],", ""),
        ("[64.0336, 81.9847]", "[64.0336]"),
        ("dimensions = 256", "dimensions = -1"),
        ("threshold = 0.39", ""),
        ('licence = "Apache-2.0"', 'licence = ""'),
        ("[", "{"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, right: str, wrong: str) -> None:
    assert right in RETAIL_MANIFEST
    with pytest.raises(ModelMissing, match="cannot be used"):
        read_manifest(_write(tmp_path, RETAIL_MANIFEST.replace(right, wrong)))


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "face_model.toml").write_bytes(content)
    with pytest.raises(ModelMissing):
        read_manifest(tmp_path)
