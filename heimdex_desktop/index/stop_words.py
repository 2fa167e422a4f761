"""The words that say little about what a person looks for, in English, Korean and Japanese."""

_ENGLISH = """
a about after again all also am an and any are as at be because been before being but by can could did do
does doing done dont for from get gets had has have having he her here him his how i if im in into is it its
ive just me my no not now of off on or our out over own she should so some such than that thats the their
them then there these they this those through to too under up us very was we were what when where which
while who whom whose why will with would you your yours
"""
_KOREAN = "그 이 저 것 수 등 및 좀 더 그리고 그런데 하지만"
_JAPANESE = "は が を に の と で も へ から まで する した です ます"
_ABOUT_VIDEO = (
    "video videos clip clips scene scenes shot shots footage moment 영상 동영상 장면 映像 動画 シーン"
)

STOP_WORDS = frozenset(f"{_ENGLISH} {_KOREAN} {_JAPANESE}".split())
"""Function words, folded: they stand everywhere."""

FILLER_WORDS = frozenset(_ABOUT_VIDEO.split())
"""Words that name what is searched, folded: in "night scene" they describe no look."""
