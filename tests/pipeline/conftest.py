"""What the tests of the pipeline share: an opened library and a folder of films."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.workshop import Workshop

Open = Callable[..., Workshop]


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Open]:
    """Open the library of this test, having closed it where it was open: what the next start sees."""
    opened: list[Workshop] = []

    def open_it(**chosen: Any) -> Workshop:
        while opened:
            opened.pop().close()
        opened.append(Workshop(tmp_path / "library", **chosen))
        return opened[0]

    yield open_it
    while opened:
        opened.pop().close()


@pytest.fixture
def shop(reopen: Open) -> Workshop:
    return reopen()


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return tmp_path / "films"
