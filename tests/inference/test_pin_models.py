"""The script for maintainers that fills in the list of models, against a hub on this computer."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from heimdex_desktop.inference.model_list import known_models
from tests.inference.conftest import FILES, REPOSITORY
from tests.inference.hub_server import COMMIT, Hub

ROOT = Path(__file__).resolve().parents[2]
LIST = f"""# Kept as it is.
[presets.builtin]
text = "tiny"

[models.tiny]
role = "text"
engine = "sentence-transformers"
source = "hf:{REPOSITORY}"
revision = "main"
licence = "MIT" # kept too
speed = "fast"
size_mb = 1
files = [
  {{ name = "config.json" }},
  {{ name = "1_Pooling/config.json" }},
  {{ name = "model.safetensors", sha256 = "PINNED" }},
]

[models.other]
role = "text_reader"
engine = "rapidocr"
package = "rapidocr"
licence = "Apache-2.0"
speed = "fast"
size_mb = 3
"""
SHA256 = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}


def pin(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "pin_models.py"), "--list", str(file), *words],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def test_what_is_missing_is_filled_in_and_the_rest_kept(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(LIST.replace("PINNED", SHA256["model.safetensors"]), "utf-8")
    done = pin(file)
    assert (done.returncode, done.stderr) == (0, "")
    entry = known_models(file).models["tiny"]
    assert entry.is_pinned
    assert entry.revision == COMMIT
    assert {each.name: (each.size_bytes, each.sha256) for each in entry.files} == {
        name: (len(content), SHA256[name]) for name, content in FILES.items()
    }
    text = file.read_text("utf-8")
    assert text.startswith("# Kept as it is.")
    assert "# kept too" in text
    assert "size_mb = 3" in text
    assert "size_mb = 1" not in text


def test_a_fingerprint_that_is_there_is_never_changed(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    text = LIST.replace("PINNED", "f" * 64)
    file.write_text(text, "utf-8")
    done = pin(file, "tiny")
    assert done.returncode == 1
    assert "another “model.safetensors”" in done.stderr
    assert file.read_text("utf-8") == text


def test_a_small_file_that_is_not_the_listed_one_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.sent_instead["config.json"] = b"something else"
    file = tmp_path / "models.toml"
    text = LIST.replace("PINNED", SHA256["model.safetensors"])
    file.write_text(text, "utf-8")
    done = pin(file)
    assert done.returncode == 1
    assert "“config.json” is not the file" in done.stderr
    assert file.read_text("utf-8") == text
