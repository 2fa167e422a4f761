"""Lint, types and import rules are tests like the others: one command says whether all is well."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["ruff", "check", "."], id="lint"),
        pytest.param(["ruff", "format", "--check", "."], id="format"),
        pytest.param(["basedpyright"], id="types"),
        pytest.param(["lint-imports"], id="import rules"),
    ],
)
def test_check(words: list[str]) -> None:
    tool = Path(sys.executable).with_name(words[0])
    result = subprocess.run(
        [str(tool), *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert result.returncode == 0, result.stdout + result.stderr
