"""Reading JSON that anyone may have written: every value is checked before it is believed."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn, cast

_LARGEST = 2**53 - 1
"""Beyond it a whole number does not survive JSON readers that know only doubles."""
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBERS = frozenset({int, float})
"""Of JSON; true and false are none, though they count as whole numbers elsewhere."""


class MalformedError(ValueError):
    """A value is missing or not of the kind the format asks for; the text says which one."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object; every getter raises MalformedError when the value is missing or of another kind."""

    content: Mapping[str, object]
    place: str = ""

    def text(self, key: str) -> str:
        value = self.content.get(key)
        return value if isinstance(value, str) else self._refuse(key, "a text")

    def text_or_none(self, key: str) -> str | None:
        return None if self.content.get(key) is None else self.text(key)

    def uuid(self, key: str) -> str:
        """Return a UUID in its usual spelling: ids become parts of file names and of queries."""
        value = self.text(key)
        return value if _UUID.fullmatch(value) else self._refuse(key, "a UUID")

    def flag(self, key: str) -> bool:
        value = self.content.get(key)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def whole(self, key: str) -> int:
        """Return a whole number of 0 or more."""
        value = self.content.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
            return value
        return self._refuse(key, "a whole number")

    def number(self, key: str) -> float:
        """Return a finite number."""
        return _finite(self.content.get(key), self._named(key))

    def shares(self, key: str, count: int) -> tuple[float, ...]:
        """Return `count` numbers, one or more, each in 0..1."""
        items = self.items(key)
        # A start reads a million of them, hence few steps for each; JSON knows no NaN.
        if len(items) == count and _NUMBERS.issuperset(map(type, items)):
            numbers = cast("list[float]", items)
            if min(numbers) >= 0 and max(numbers) <= 1:
                return tuple(map(float, numbers))
        return self._refuse(key, f"{count} shares")

    def milliseconds(self, key: str) -> int:
        """Return a time of 0 or more, written in seconds, as the nearest whole milliseconds."""
        return _milliseconds(self.number(key), self._named(key))

    def moment(self, key: str) -> datetime:
        """Return a point in time (ISO 8601) in UTC; one without an offset is taken as UTC."""
        try:
            moment = datetime.fromisoformat(self.text(key))
        except ValueError:
            return self._refuse(key, "a date and time")
        # At the ends of the calendar, arithmetic with the time fails later on.
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return self._refuse(key, "a likely date")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def items(self, key: str) -> list[object]:
        value = self.content.get(key)
        return cast("list[object]", value) if isinstance(value, list) else self._refuse(key, "a list")

    def texts(self, key: str) -> tuple[str, ...]:
        items = self.items(key)
        texts = tuple(item for item in items if isinstance(item, str))
        return texts if len(texts) == len(items) else self._refuse(key, "a list of texts")

    def inner(self, key: str) -> "Fields":
        return fields_of(self.content.get(key), self._named(key))

    def inners(self, key: str) -> tuple["Fields", ...]:
        place = self._named(key)
        return tuple(fields_of(item, f"{place}[{number}]") for number, item in enumerate(self.items(key)))

    def _named(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def _refuse(self, key: str, wanted: str) -> NoReturn:
        message = f"{self._named(key)} is not {wanted}"
        raise MalformedError(message)


def parsed(content: bytes | str) -> object:
    """Parse JSON (UTF-8, 16 or 32, with or without a byte order mark); raises MalformedError."""
    try:
        return cast("object", json.loads(content, parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        message = "it is not JSON"
        raise MalformedError(message) from error


def fields_of(value: object, place: str = "") -> Fields:
    """Take a parsed value as an object; raises MalformedError."""
    if isinstance(value, dict):
        # JSON has no other keys than texts.
        return Fields(cast("dict[str, object]", value), place)
    message = f"{place or 'the content'} is not an object"
    raise MalformedError(message)


def milliseconds_of(values: list[object], place: str) -> tuple[int, ...]:
    """Take a list of times in seconds as milliseconds; raises MalformedError."""
    return tuple(_milliseconds(_finite(value, place), place) for value in values)


def _milliseconds(seconds: float, place: str) -> int:
    if 0 <= seconds <= _LARGEST // 1000:
        return round(seconds * 1000)
    message = f"{place} is not a time"
    raise MalformedError(message)


def _finite(value: object, place: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    message = f"{place} is not a number"
    raise MalformedError(message)


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise MalformedError(message)
