"""The shape of the code, as numbers that a test can hold it to."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from heimdex_desktop.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "heimdex_desktop"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 40
BANNED_NAMES = {
    *("util", "utils", "helper", "helpers", "manager", "core", "common", "process", "handle", "data", "info")
}
TOP_LEVEL = {
    "heimdex_desktop",
    "resources",
    "tests",
    "packaging",
    "pyproject.toml",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_is_small_and_says_what_it_is(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= MAX_MODULE_LINES
    assert ast.get_docstring(tree), "every module opens with one sentence"
    assert module.stem not in BANNED_NAMES
    for function in functions(tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= MAX_FUNCTION_LINES, f"{function.name} has {length} lines"


def test_functions_are_short_as_a_rule() -> None:
    lengths = sorted(
        (function.end_lineno or 0) - function.lineno + 1
        for module in MODULES
        for function in functions(ast.parse(module.read_text(encoding="utf-8")))
    )
    assert lengths[len(lengths) // 2] <= 9


def test_no_global_state_and_no_leftovers() -> None:
    for module in MODULES:
        text = module.read_text(encoding="utf-8")
        assert "TODO" not in text, module
        assert "processEvents" not in text, module
        assert not any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(text))), module


def test_top_level_is_what_was_agreed() -> None:
    kept = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert kept - {"uv.lock", "dist", "build"} <= TOP_LEVEL


def test_the_readme_names_every_setting() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        assert f"HEIMDEX_{setting.name.upper()}" in readme, setting.name


def test_architecture_names_every_package_and_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for module in MODULES:
        name = module.parent.name if module.stem == "__init__" else module.stem
        assert f"`{name}`" in text, f"{module.relative_to(ROOT)} is not in ARCHITECTURE.md"


def test_no_committed_file_names_a_registry() -> None:
    """A lock file would; versions are fixed by a date instead."""
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["uv"]["exclude-newer"]
    assert "index" not in settings["tool"]["uv"]
