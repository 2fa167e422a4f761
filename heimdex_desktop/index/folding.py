"""How written words are made comparable: case, accents, spelling forms, and light word endings."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Whatever separates words in any script: spaces, punctuation and symbols, but not the apostrophe. What is
# left in a run may hold combining marks, which `\w` would break at (Hindi vowels, decomposed accents).
_WORD = re.compile(
    r"[^\s\x00-&(-/:-@\[-`{-\x7f\x80-©«-±´¶-¸»-¿×÷"
    r"\u2000-\u2018\u201a-\u206f\u20a0-\u20bf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\U0001f000-\U0001faff]+"
)
_APOSTROPHES = re.compile("['’]")
_ACCENTS = re.compile("[\u0300-\u036f]")
UNSPACED_SIGNS = (
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""A pattern for one sign of a script that runs words together or glues endings on."""
_WITHOUT_SPACES = re.compile(UNSPACED_SIGNS)
_VOWEL = re.compile("[aeiouy]")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class WrittenWord:
    """A word of a text: as it is written there, and folded for comparing."""

    surface: str
    folded: str


def fold(text: str) -> str:
    """Fold case, accents of alphabets, full-width forms and NFC/NFD; keep Kana voicing and Hangul whole."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", decomposed).casefold())


def written_words(text: str) -> Iterator[WrittenWord]:
    """Find the words of a text, in order; a possessive 's is left out of the folded form."""
    for match in _WORD.finditer(text):
        surface = match.group().strip("'’")
        folded = fold(surface)
        folded = _APOSTROPHES.sub("", folded.removesuffix("'s").removesuffix("’s"))
        # Folding can bring out spaces and punctuation (as in the sign ㏇), and these separate words too.
        for part in _WORD.findall(folded):
            yield WrittenWord(surface, part)


def folded_words(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in written_words(text))


def searchable(text: str) -> str:
    """Spell a text for searching by substring: folded words, one space before, between and after."""
    words = folded_words(text)
    return f" {' '.join(words)} " if words else ""


def is_unspaced(word: str) -> bool:
    """Say whether the script runs words together or glues endings on (Chinese, Japanese, Korean, Thai …)."""
    return _WITHOUT_SPACES.search(word) is not None


def stem(folded: str) -> str:
    """Cut English endings of number and tense, so that "parties" meets "party" and "making" meets "make".

    The idea is step 1 of Porter's algorithm (An algorithm for suffix stripping, 1980), simplified: both sides
    of a comparison go through it, so the result need not be a word. Only plain ASCII words are touched.
    """
    if len(folded) <= _SHORTEST_STEM or not (folded.isascii() and folded.isalpha()):
        return folded
    return _without_final_letter(_without_tense(_without_plural(folded)))


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is", "news")) else word.removesuffix("s")


def _without_tense(word: str) -> str:
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST_STEM and _VOWEL.search(base):
            return _undoubled(base)
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word


def _without_final_letter(word: str) -> str:
    """Drop a final e, and spell a final y as i, after the shortest stem."""
    if len(word) <= _SHORTEST_STEM:
        return word
    return word[:-1] + "i" if word.endswith("y") else word.removesuffix("e")
