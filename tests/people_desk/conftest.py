"""What the tests of the desk about people share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people_desk.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = Studio(tmp_path)
    yield made
    made.close()
