"""What a person can choose: defaults, a TOML file in the configuration folder, `HEIMDEX_*` on top."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from platformdirs import user_config_path, user_data_path

from heimdex_desktop.library import disk

APP = "Heimdex"


class Preset(StrEnum):
    """A choice of models for every role."""

    BUILTIN = "builtin"
    COMPACT = "compact"
    FULL = "full"


class DeviceWish(StrEnum):
    """Where models are to run."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; a field's name is its key in the file and `HEIMDEX_NAME`.

    `library`: the one folder with index, thumbnails and the list of places.
    `preset`: which models fill the roles that are not chosen one by one.
    `speech_model`, `text_model`, `vision_model`, `text_reader`, `face_detector`, `face_model`: the model of
    a role by its name in the list, `none`, or its folder; empty = by preset.
    `speech_language`: what is spoken in all videos, such as `ko`; empty = found out for each.
    `spoken_words`: names and terms that the speech model should expect.
    `tags`: looks to tag beside those of the list, such as `our sailing boat`.
    `device`: `auto`, `cpu`, `cuda` or `mps`.
    `faces`: faces may be looked for and recognised: the person has agreed.
    `face_enrollment`: off = faces are found, and nobody can be added to the people who are known.
    `faces_licensed`: models whose licence forbids some uses may be used here.
    `skip`: globs of files and folders to pass over, such as `*.tmp.mp4` or `private/*`.
    `semantic_search`: off = search by words alone.
    `sidecars_beside_videos`: off = sidecars are kept in the library folder.
    """

    library: Path = field(default_factory=lambda: user_data_path(APP, appauthor=False))
    preset: Preset = Preset.BUILTIN
    speech_model: str = ""
    text_model: str = ""
    vision_model: str = ""
    text_reader: str = ""
    face_detector: str = ""
    face_model: str = ""
    speech_language: str = ""
    spoken_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    device: DeviceWish = DeviceWish.AUTO
    faces: bool = False
    face_enrollment: bool = True
    faces_licensed: bool = False
    skip: tuple[str, ...] = ()
    semantic_search: bool = True
    sidecars_beside_videos: bool = True


def settings_file() -> Path:
    return user_config_path(APP, appauthor=False) / "settings.toml"


def at_home(path: str | Path) -> Path:
    """Return a path with "~" as the home folder, and as it is where nobody here has such a name."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def load(
    *, file: Path | None = None, environment: Mapping[str, str] = os.environ, **chosen: object
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings and a sentence for every value that could not be used.

    `chosen` are values from the command line; they win over the environment, which wins over the file.
    """
    warnings: list[str] = []
    values: dict[str, Any] = {}
    names = {each.name for each in fields(Settings)}
    sources: list[tuple[str, Mapping[str, object]]] = [
        (f"the settings file {file or settings_file()}", _from_file(file or settings_file(), warnings)),
        ("the environment", _from_environment(names, environment)),
        ("the command line", {name: value for name, value in chosen.items() if value is not None}),
    ]
    for source, found in sources:
        for name, value in found.items():
            if name not in names:
                warnings.append(f"“{name}” in {source} is no setting and is ignored.")
                continue
            try:
                values[name] = _READERS[name](value)
            except ValueError as error:
                warnings.append(f"“{name}” in {source} is ignored: {error}.")
    return Settings(**values), tuple(warnings)


def from_environment(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Return the settings that `HEIMDEX_*` variables decide, whatever the file says."""
    return frozenset(_from_environment({each.name for each in fields(Settings)}, environment))


def write(changes: Mapping[str, object], *, file: Path | None = None) -> tuple[str, ...]:
    """Put values into the settings file, None for back to the default; comments and all else stay.

    Returns what a person should know: a file that cannot be read is kept under another name. Raises
    MachineError where the file cannot be written; then it is as it was.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    if not changes:
        return ()
    place = file or settings_file()
    kept, notices = disk.read_whole(place) or b"", ()
    try:
        document = tomlkit.parse(kept.decode("utf-8"))
    except (ValueError, TOMLKitError):
        aside = disk.move_aside(place)
        document = tomlkit.document()
        notices = (
            f"The settings file could not be read. It is kept as “{aside.name}”, and a new one is begun.",
        )
    for name, value in changes.items():
        if value is None:
            document.pop(name, None)
        else:
            document[name] = _as_toml(value)
    with disk.told_plainly(place):
        place.parent.mkdir(parents=True, exist_ok=True)
    disk.write_whole(place, tomlkit.dumps(document).encode("utf-8"))
    return notices


def _as_toml(value: object) -> object:
    if isinstance(value, Path | StrEnum):
        return str(value)
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value


def _from_file(file: Path, warnings: list[str]) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        warnings.append(f"The settings file {file} is ignored: {error}.")
        return {}


def _from_environment(names: set[str], environment: Mapping[str, str]) -> Mapping[str, object]:
    found = {name: environment.get(f"HEIMDEX_{name.upper()}", "") for name in names}
    return {name: value for name, value in found.items() if value}


def _folder(value: object) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError("a folder is expected")
    return at_home(value).absolute()


def _one_of(kind: type[StrEnum]) -> Callable[[object], object]:
    def read(value: object) -> object:
        try:
            return kind(str(value))
        except ValueError:
            raise ValueError(f"{value} is none of {', '.join(kind)}") from None

    return read


def _switch(value: object) -> bool:
    known = {
        "1": True,
        "true": True,
        "on": True,
        "yes": True,
        "0": False,
        "false": False,
        "off": False,
        "no": False,
    }
    found = known.get(str(value).lower())
    if found is None:
        raise ValueError(f"{value} is neither on nor off")
    return found


def _texts(divider: str) -> Callable[[object], object]:
    """Read a list, or in the environment a text whose parts are divided."""

    def read(value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(divider) if part.strip())
        if isinstance(value, list) and all(isinstance(part, str) for part in cast("list[object]", value)):
            return tuple(cast("list[str]", value))
        message = "a list of texts is expected"
        raise ValueError(message)

    return read


def _language(value: object) -> str:
    if value and not re.fullmatch(r"[a-z]{2,3}", str(value)):
        message = f"{value} is no language such as en or ko"
        raise ValueError(message)
    return str(value)


_READERS: Mapping[str, Callable[[object], object]] = {
    "library": _folder,
    "preset": _one_of(Preset),
    "speech_model": str,
    "text_model": str,
    "vision_model": str,
    "text_reader": str,
    "face_detector": str,
    "face_model": str,
    "speech_language": _language,
    "spoken_words": _texts(","),
    "tags": _texts(","),
    "device": _one_of(DeviceWish),
    "faces": _switch,
    "face_enrollment": _switch,
    "faces_licensed": _switch,
    "skip": _texts(os.pathsep),
    "semantic_search": _switch,
    "sidecars_beside_videos": _switch,
}
