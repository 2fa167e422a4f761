"""The part of a sidecar about text on screen."""

from collections.abc import Sequence

from heimdex_desktop.domain.scene import Box, ScreenText
from heimdex_desktop.library.json_fields import Fields, MalformedError

_KEY = "screen_texts"


def screen_texts_as_json(texts: Sequence[ScreenText]) -> dict[str, object]:
    """Return what a scene's object gets: nothing at all where there is no text."""
    return {_KEY: [_text_as_json(text) for text in texts]} if texts else {}


def screen_texts_from(scene: Fields) -> tuple[ScreenText, ...]:
    """Read the texts of a scene's object, which may have none. Raises MalformedError."""
    return tuple(_text_from(text) for text in scene.inners(_KEY)) if _KEY in scene.content else ()


def _text_as_json(text: ScreenText) -> dict[str, object]:
    box = text.box
    return {
        "text": text.text,
        "confidence": float(text.confidence),
        "box": [float(share) for share in (box.left, box.top, box.right, box.bottom)],
        "at": int(text.at_ms) / 1000,
    }


def _text_from(fields: Fields) -> ScreenText:
    return ScreenText(
        text=fields.text("text"),
        confidence=_share(fields, "confidence"),
        box=_box_from(fields),
        at_ms=fields.milliseconds("at"),
    )


def _box_from(fields: Fields) -> Box:
    shares = fields.items("box")
    if len(shares) != 4:
        message = f"{fields.place}.box is not four numbers"
        raise MalformedError(message)
    sides = Fields({str(number): share for number, share in enumerate(shares)}, f"{fields.place}.box")
    left, top, right, bottom = (_share(sides, str(number)) for number in range(4))
    if left > right or top > bottom:
        message = f"{fields.place}.box is turned inside out"
        raise MalformedError(message)
    return Box(left, top, right, bottom)


def _share(fields: Fields, key: str) -> float:
    share = fields.number(key)
    if not 0.0 <= share <= 1.0:
        message = f"{fields.place}.{key} does not lie between 0 and 1"
        raise MalformedError(message)
    return share
