"""Sizes of files as people write them."""


def as_size(count: int) -> str:
    """Write a number of bytes as people do: 484 MB."""
    for unit, size in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            number = count / size
            return f"{number:.1f} {unit}" if number < 10 and unit == "GB" else f"{number:.0f} {unit}"
    return f"{count} bytes"
