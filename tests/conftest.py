"""What every test may lean on: the real clips and models where they are at hand."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

# A busy machine fails no test, and a check of everything gives the same verdict twice. To look for
# inputs that nobody thought of yet: pytest --hypothesis-profile searching
_PATIENT = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("searching", _PATIENT)
hypothesis.settings.register_profile("steady", _PATIENT, derandomize=True)
hypothesis.settings.load_profile("steady")

_VERDICT = pytest.StashKey[int]()
_PATIENCE_MS = 300_000
_BESIDE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared"


def _folder_or_skip(variable: str, default: Path) -> Path:
    folder = Path(os.environ.get(variable, default))
    if folder.is_dir():
        return folder
    reason = f"real test files are not at hand: set {variable} to their folder"
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (nothing may be skipped in CI)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_media() -> Path:
    """The read-only folder of real clips with ground truth; index a copy, for sidecars lie beside videos."""
    return _folder_or_skip("HEIMDEX_TEST_MEDIA", _BESIDE_CHECKOUT / "media")


@pytest.fixture(scope="session")
def real_models() -> Path:
    """The read-only folder of small real models."""
    return _folder_or_skip("HEIMDEX_TEST_MODELS", _BESIDE_CHECKOUT / "models")


class PatientBot(QtBot):
    """Waits so long that a busy machine fails no test: only what never happens does."""

    def waitUntil(  # noqa: N802
        self, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **how: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(  # noqa: N802
        self, signals: Any = None, *, timeout: int = _PATIENCE_MS, **how: Any
    ) -> Any:
        return super().waitSignals(signals, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The bot of pytest-qt with more patience than its five seconds."""
    return PatientBot(request)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_VERDICT] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave without taking down native libraries that never meet in the product.

    Qt's player and PyAV each bring an FFmpeg; where both were used in this one process, it crashes while
    the interpreter ends, after the verdict is told. In the product they live in different processes.
    """
    verdict = config.stash.get(_VERDICT, None)
    if verdict is not None and {"av", "PySide6.QtMultimedia"} <= sys.modules.keys():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(verdict)
