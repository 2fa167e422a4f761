"""The many ways files name a language, brought to one: BCP 47 tags such as `ko` or `pt-BR`."""

import re

# ISO 639-2 (terminology and bibliographic codes) beside ISO 639-1, as the Library of Congress lists them.
_CODES = """
aar:aa abk:ab afr:af aka:ak alb:sq amh:am ara:ar arg:an arm:hy asm:as ava:av ave:ae aym:ay aze:az
bak:ba bam:bm baq:eu bel:be ben:bn bih:bh bis:bi bod:bo bos:bs bre:br bul:bg bur:my cat:ca ces:cs
cha:ch che:ce chi:zh chu:cu chv:cv cor:kw cos:co cre:cr cym:cy cze:cs dan:da deu:de div:dv dut:nl
dzo:dz ell:el eng:en epo:eo est:et eus:eu ewe:ee fao:fo fas:fa fij:fj fin:fi fra:fr fre:fr fry:fy
ful:ff geo:ka ger:de gla:gd gle:ga glg:gl glv:gv gre:el grn:gn guj:gu hat:ht hau:ha hbs:sh heb:he
her:hz hin:hi hmo:ho hrv:hr hun:hu hye:hy ibo:ig ice:is ido:io iii:ii iku:iu ile:ie ina:ia ind:id
ipk:ik isl:is ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks kat:ka kau:kr kaz:kk khm:km kik:ki kin:rw
kir:ky kom:kv kon:kg kor:ko kua:kj kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu
lug:lg mac:mk mah:mh mal:ml mao:mi mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my
nau:na nav:nv nbl:nr nde:nd ndo:ng nep:ne nld:nl nno:nn nob:nb nor:no nya:ny oci:oc oji:oj ori:or
orm:om oss:os pan:pa per:fa pli:pi pol:pl por:pt pus:ps que:qu roh:rm ron:ro rum:ro run:rn rus:ru
sag:sg san:sa sin:si slk:sk slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so sot:st spa:es sqi:sq
srd:sc srp:sr ssw:ss sun:su swa:sw swe:sv tah:ty tam:ta tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo
tir:ti ton:to tsn:tn tso:ts tuk:tk tur:tr twi:tw uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo
wel:cy wln:wa wol:wo xho:xh yid:yi yor:yo zha:za zho:zh zul:zu
"""
_THREE_TO_TWO: dict[str, str] = {pair[:3]: pair[4:] for pair in _CODES.split()}
_TWO_LETTERS = frozenset(_THREE_TO_TWO.values())
_ONLY_THREE_LETTERS = frozenset({"ast", "ceb", "cmn", "fil", "gsw", "haw", "nds", "scn", "yue"})
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx", "unk", "qaa"})
# What people write into file names although it is a country or an old habit.
_HABITS = {
    "jp": "ja",
    "kr": "ko",
    "cn": "zh",
    "chs": "zh-Hans",
    "cht": "zh-Hant",
    "pob": "pt-BR",
    "ptbr": "pt-BR",
}
_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?")


def from_track(code: str | None) -> str | None:
    """Read the language a media file gives a track: `kor` is `ko`, `und` and nonsense are None."""
    return _tag(code or "", known_only=False)


def from_file_mark(mark: str) -> str | None:
    """Read a piece of a file name such as `en`, `pt-BR` or `kor`; None where it is no known language."""
    return _HABITS.get(mark.lower()) or _tag(mark, known_only=True)


def from_script(text: str) -> str | None:
    """Tell the language where its letters leave no doubt: kana is Japanese, Hangul is Korean.

    Latin, Cyrillic and Chinese characters serve many languages: None. A few foreign words do not
    count, the script must make up a fifth of the letters.
    """
    letters = [letter for letter in text if letter.isalpha()]
    shares = {
        "ja": sum("\u3041" <= letter <= "\u30ff" for letter in letters),
        "ko": sum("\uac00" <= letter <= "\ud7a3" for letter in letters),
    }
    language, count = max(shares.items(), key=lambda share: share[1])
    return language if count and count * 5 >= len(letters) else None


def _tag(code: str, *, known_only: bool) -> str | None:
    match = _TAG.fullmatch(code.strip().lower().replace("_", "-"))
    if match is None:
        return None
    language, script, region = match.groups()
    language = _THREE_TO_TWO.get(language, language)
    if language in _NO_LANGUAGE or (known_only and language not in _TWO_LETTERS | _ONLY_THREE_LETTERS):
        return None
    parts = (language, script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)
