"""The files that could not be cleaned, so that one of them keeps nobody from cleaning all others."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from heimdex_desktop.domain.errors import MachineError


class Refusals:
    """Collects the files, each once, in order."""

    def __init__(self) -> None:
        self._files: dict[Path, None] = {}

    @contextmanager
    def at(self, file: Path) -> Generator[None]:
        """Go on after the block where the machine refuses this file."""
        try:
            yield
        except MachineError:
            self._files[file] = None

    def add(self, other: "Refusals") -> None:
        """Take what was refused elsewhere for refused here too."""
        self._files.update(dict.fromkeys(other.files))

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self._files)
