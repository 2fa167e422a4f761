"""Which files and folders are passed over when looking for videos."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

FOLDERS_OF_SYSTEMS = frozenset(
    {
        "$recycle.bin",  # Windows
        "system volume information",
        "found.000",
        "lost+found",  # Linux
        "__macosx",  # left by unpacking an archive
        "@eadir",  # Synology: thumbnails
        "#recycle",
        "@recycle",  # QNAP
        "@recently-snapshot",
    }
)
"""Folders that operating systems and network drives keep for themselves."""

FOLDERS_OF_PROXIES = frozenset(
    {
        "proxies",  # Adobe Premiere Pro
        "proxy",
        "proxy media",  # Final Cut Pro
        "transcoded media",
        "proxymedia",  # DaVinci Resolve
        "cacheclip",
        "optimizedmedia",
        "adobe premiere pro video previews",
        "adobe premiere pro preview files",
    }
)
"""Folders in which editing programs put small copies and previews of videos that lie elsewhere."""

_FOLDERS = FOLDERS_OF_SYSTEMS | FOLDERS_OF_PROXIES
_OUR_OWN = ".heimdex."


@dataclass(frozen=True, slots=True)
class SkipRules:
    """The built-in rules and a person's own globs, compared without regard to case or Unicode form."""

    names: tuple[re.Pattern[str], ...] = ()
    paths: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(cls, globs: Iterable[str]) -> "SkipRules":
        """Compile globs: one with a slash is for the path below the named folder, one without for a name."""
        names: list[re.Pattern[str]] = []
        paths: list[re.Pattern[str]] = []
        for glob in globs:
            folded = _folded(glob.replace("\\", "/")).strip("/")
            (paths if "/" in folded else names).append(re.compile(translate(folded)))
        return cls(tuple(names), tuple(paths))

    def skips(self, path: Path, root: Path) -> bool:
        """Tell whether a file or folder somewhere below `root` is passed over."""
        name = _folded(path.name)
        if _OUR_OWN in name or any(pattern.match(name) for pattern in self.names):
            return True
        if not self.paths:
            return False
        below = _folded(path.relative_to(root).as_posix())
        return any(pattern.match(below) for pattern in self.paths)

    def skips_folder(self, path: Path, root: Path) -> bool:
        return path.name.casefold() in _FOLDERS or self.skips(path, root)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
