"""The values that filters take, read from and written as a person types them: dates, durations, numbers."""

import re
import unicodedata

from heimdex_desktop.domain.filters import Comparison, Period

SIDES_PX = {"hd": 720, "fhd": 1080, "fullhd": 1080, "qhd": 1440, "4k": 2160, "uhd": 2160, "8k": 4320}
"""Names of resolutions, with the shorter side that they begin at."""

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
# Nine digits keep every length within 64 bits of milliseconds.
_UNITS = re.compile(
    r"(?:(\d{1,9})h)?(?:(\d{1,9})m(?:in)?)?(?:(\d{1,9})(?:[.,](\d{1,3}))?s(?:ec)?)?(?:(\d{1,9})ms)?"
)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})")
_SECONDS = re.compile(r"\d{1,9}")
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d{1,6})(\+)?")
_NAMED = re.compile(r"(>=|<=|>|<|=)?([a-z0-9]+)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")


def plain(value: str) -> str:
    """Spell a value in the forms that are compared: no full-width letters, no capitals, no spaces around."""
    return unicodedata.normalize("NFKC", value).replace("≥", ">=").replace("≤", "<=").casefold().strip()


def read_period(value: str) -> Period | None:
    """Read a year, month or day: `2024`, `2024-05`, `2024/5/3`; None for others and impossible days."""
    match = _DATE.fullmatch(plain(value))
    try:
        return Period(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None


def read_duration_ms(value: str) -> int | None:
    """Read `10s`, `1m30s`, `2min`, `1h`, `1.5s`, `500ms`, `1:30`, `1:02:03`, or seconds; None for others.

    Nought is no duration.
    """
    value = plain(value)
    match = _UNITS.fullmatch(value)
    if match and value:
        hours, minutes, seconds, fraction, rest = match.groups(default="0")
        milliseconds = int(fraction.ljust(3, "0")) + int(rest)
        return _milliseconds(hours, minutes, seconds) + milliseconds or None
    match = _CLOCK.fullmatch(value)
    if match:
        return _milliseconds(*match.groups(default="0")) or None
    return int(value) * 1000 or None if _SECONDS.fullmatch(value) else None


def _milliseconds(hours: str, minutes: str, seconds: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000


def written_duration(length_ms: int) -> str:
    """Write a positive duration as `read_duration_ms` reads it, such as `1m30s`."""
    seconds, milliseconds = divmod(length_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"), (milliseconds, "ms"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def read_count(value: str) -> tuple[Comparison, int] | None:
    """Read `2`, `>=3`, `<4` or `3+`; None for others."""
    match = _NUMBER.fullmatch(plain(value))
    if match is None or (match[1] and match[3]):
        return None
    return _comparison(match[1], Comparison.AT_LEAST if match[3] else Comparison.EQUAL), int(match[2])


def read_side(value: str) -> tuple[Comparison, int] | None:
    """Read `1080`, `1080p`, `>=1080`, or a name, which alone means that or more: `hd`, `4k`, `<4k`."""
    value = plain(value)
    named = _NAMED.fullmatch(value)
    if named and named[2] in SIDES_PX:
        return _comparison(named[1], Comparison.AT_LEAST), SIDES_PX[named[2]]
    return read_count(value.removesuffix("p"))


def _comparison(sign: str | None, otherwise: Comparison) -> Comparison:
    return Comparison(sign) if sign else otherwise


def written_number(comparison: Comparison, number: int) -> str:
    return f"{'' if comparison is Comparison.EQUAL else comparison}{number}"


def read_language(value: str) -> str | None:
    """Read the form of a BCP 47 tag, in lower case; None for others."""
    tag = plain(value).replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
