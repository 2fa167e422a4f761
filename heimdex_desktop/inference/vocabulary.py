"""The tags that a vision model is asked about, and how they are put to it."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heimdex_desktop.domain.errors import MachineError

TEMPLATES = ("{}", "a photo of {}", "a picture of {}", "a video frame of {}", "a scene with {}")
"""Each prompt is asked in all of them, and their vectors are averaged (Radford et al., 2021, 3.1.4)."""

NEUTRAL = ("a photo", "a picture", "a video frame", "an image of something", "a scene")
"""What is true of every picture: a tag must be nearer than these."""

OWN_GROUP = "own"
"""The group of the tags that a person added."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with the phrases that describe it to a model."""

    name: str
    group: str
    prompts: tuple[str, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """All texts that stand for the tag."""
        return tuple(template.format(prompt) for prompt in self.prompts for template in TEMPLATES)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tags of different names. One that is named as a group is true wherever a tag of that group is."""

    tags: tuple[Tag, ...]

    @classmethod
    def load(cls, path: Path, user_tags: Sequence[str] = ()) -> "Vocabulary":
        """Read a TOML file of `[tags.beach]` tables with `group = "place"` and `prompts = ["a beach"]`.

        `user_tags` are added, described by their own words; a name that is there already changes nothing.
        Raises MachineError where the file is missing or has another form: it is a part of the program.
        """
        try:
            tables: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["tags"]
            listed = {name: _tag(name, table) for name, table in tables.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            sentence = f"The list of tags, {path.name}, cannot be read."
            raise MachineError(sentence, "Install Heimdex again.") from error
        names = (" ".join(tag.split()).casefold() for tag in user_tags)
        own = {name: Tag(name, OWN_GROUP, (name,)) for name in names if name and name not in listed}
        return cls((*listed.values(), *own.values()))

    @property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """For each tag that is named as a group, the others of that group."""
        groups = {tag.group for tag in self.tags} & {tag.name for tag in self.tags}
        return {
            group: tuple(tag.name for tag in self.tags if tag.group == group and tag.name != group)
            for group in groups
        }

    @property
    def fingerprint(self) -> str:
        """A short text that differs when a model would be asked something else."""
        asked = [[tag.name, tag.group, tag.questions] for tag in self.tags]
        return hashlib.sha256(json.dumps([asked, NEUTRAL]).encode()).hexdigest()[:16]


def _tag(name: str, table: Mapping[str, Any]) -> Tag:
    prompts: list[Any] = table["prompts"]
    return Tag(name, str(table["group"]), tuple(str(prompt) for prompt in prompts))
