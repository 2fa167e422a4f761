"""Turning the bytes of a text file into text, whatever decade and country it comes from."""

import codecs

from charset_normalizer import from_bytes

# Longest first: the mark of UTF-32 begins with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEFORE_UNICODE = {
    "ko": "cp949",
    "ja": "cp932",
    "zh": "gb18030",
    "ru": "cp1251",
    "uk": "cp1251",
    "th": "cp874",
}
# What subtitles were really saved in; with every encoding allowed, short files are taken for UTF-16.
_PLAUSIBLE = [
    *dict.fromkeys(_BEFORE_UNICODE.values()),
    *("euc_jp", "big5", "cp1250", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"),
]
# Letters of French, German, Italian and Spanish; in cp1250 the same bytes are Czech and Polish letters,
# but no Czech or Polish text gets by with only these.
_WESTERN = frozenset("àâäáçéèêëíîïñóôöœßúùüÿ¿¡«»…‘’“”–—°")
_ZEROS_IN_UTF16 = 0.05


def text_of(raw: bytes, *, language: str | None = None) -> str:
    """Decode a text file; what is no text comes out as nonsense. `language` (BCP 47) settles doubts.

    Tried in this order: byte order marks, UTF-16 without a mark, UTF-8, the encoding that was usual
    for the language, and what charset-normalizer finds most plausible.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if _is_utf16(raw):
        return raw.decode("utf-16-le" if raw[1::2].count(0) > raw[0::2].count(0) else "utf-16-be", "replace")
    text = raw.decode("utf-8", errors="replace")
    if _is_nearly_clean(text):
        return text
    return _usual(raw, _BEFORE_UNICODE.get((language or "").split("-")[0])) or _guessed(raw)


def _is_utf16(raw: bytes) -> bool:
    """Basic Latin in UTF-16 has a zero byte per character, and every subtitle file has numbers in it."""
    return raw.count(0) > _ZEROS_IN_UTF16 * len(raw)


def _is_nearly_clean(text: str) -> bool:
    """A letter cut in two, as by a careless editor, does not make UTF-8 into something else."""
    beyond_ascii = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") * 20 <= beyond_ascii


def _usual(raw: bytes, encoding: str | None) -> str | None:
    try:
        return None if encoding is None else raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _guessed(raw: bytes) -> str:
    # Numbers and line breaks are the same everywhere: only the other lines can tell encodings apart.
    telling = b"\n".join(line for line in raw.splitlines() if not line.isascii())
    best = from_bytes(telling, cp_isolation=_PLAUSIBLE).best()
    western = raw.decode("cp1252", errors="replace")
    if best is None or (best.encoding == "cp1250" and _is_western(western)):
        return western
    return raw.decode(best.encoding, errors="replace")


def _is_western(text: str) -> bool:
    return all(character.isascii() or character in _WESTERN for character in text.lower())
