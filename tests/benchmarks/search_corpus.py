"""Invented scene texts and queries with known answers, for measuring how well the search finds things."""

from itertools import product

# What is said in a scene -> what a person who half remembers it would type (no telling word in common).
PARAPHRASED: dict[str, tuple[str, ...]] = {
    "My grandmother always let the pancake batter rest for an hour before she heated the pan.": (
        "granny's breakfast recipe",
        "how my nan made crepes",
    ),
    "The train to the coast leaves at noon, so we have to be on the platform by half past eleven.": (
        "railway departure time",
        "catching the midday rail service to the seaside",
    ),
    "It snowed all night, the first snow of this winter, and the children built a snowman before school.": (
        "kids playing in fresh powder outside",
        "cold white weather in the morning",
    ),
    "We went twelve percent over budget this quarter, mostly because of travel and the new laptops.": (
        "company spent too much money",
        "financial overrun discussion",
    ),
    "Turn the valve clockwise until it is tight, then wait for the boiler pressure to go down.": (
        "how to fix the heating system",
        "plumbing instructions",
    ),
    "She said yes, and then we both cried on the beach while the ring nearly fell in the sand.": (
        "marriage proposal",
        "getting engaged by the sea",
    ),
    "The doctor told him to stay off the knee for six weeks after the operation.": (
        "recovering from leg surgery",
        "medical advice about an injured joint",
    ),
    "Our puppy chewed through three pairs of shoes and the corner of the sofa in a single week.": (
        "dog destroying furniture",
        "badly behaved pet",
    ),
    "Photosynthesis turns sunlight, water and carbon dioxide into sugar and oxygen.": (
        "biology lesson about plants making food",
        "how leaves produce energy",
    ),
    "Happy birthday to you! Blow out all seven candles and make a wish.": (
        "little girl's party with a cake",
        "celebrating turning seven years old",
    ),
    "The penalty was saved in the last minute and the whole stadium went silent.": (
        "goalkeeper stops the decisive shot",
        "exciting end of a football match",
    ),
    "Plant the tomatoes deep, right up to the first leaves, and water them only in the evening.": (
        "gardening tips for vegetables",
        "growing your own produce",
    ),
    "The hurricane tore the roof off the school and flooded the lower part of town.": (
        "storm damage to buildings",
        "natural disaster destruction",
    ),
    "I handed in my notice today; ten years in that office were enough.": (
        "quitting my job",
        "resigning after a decade",
    ),
    "Tune the lowest string down to D and let it ring while you play the chords above.": (
        "guitar lesson",
        "learning to play a stringed instrument",
    ),
    "The rocket lifted off at dawn and put two weather satellites into orbit.": (
        "space launch",
        "spacecraft sent up in the early morning",
    ),
}

# Exact words (or other forms of them) -> a piece of the transcript that holds them.
REAL_EXACT: dict[str, str] = {
    "ask not what your country can do for you": "ask not what your country",
    "fellow Americans": "ask not what your country",
    "apostle of the middle classes": "apostle of the middle classes",
    "crown jewels stolen": "crown jewels",
    "recognizing images making decisions": "recognizing images",
    "ill disposed young man": "was not an ill disposed young man",
    "cold hearted and selfish": "rather cold hearted",
    "beauty's rose might never die": "fairest creatures",
    "돼지처럼 돌파하는 스타일": "난 그냥 산 돼지처럼",
    "계파주의 청산": "첫 번째는 계파주의 청산",
    "세월호 특별법": "세월호 특별법",
    "한상진 명예교수": "한상진 서울대 명예교수가",
    "앵커브리핑": "앵커브리핑으로",
    "새로운 대한민국": "새로운 대한민국",
    "대통령": "제19대 대통령으로서",
    "야당 지도부 교체": "야당 지도부 교체",
    "客観的実在": "客観的実在",
    "知識": "客観的実在",
    "Leichenhalle": "Leichenhalle",
}
REAL_PARAPHRASED: dict[str, str] = {
    "serving your nation instead of yourself": "ask not what your country",
    "patriotic speech by the president": "ask not what your country",
    "machine learning explained": "recognizing images",
    "computers that think like people": "recognizing images",
    "theft of royal treasure": "crown jewels",
    "boss is in a foul temper": "crown jewels",
    "old poem about youth and growing old": "fairest creatures",
    "uncaring and egoistic person": "rather cold hearted",
}

HOPELESS: tuple[str, ...] = (
    "quantum chromodynamics lattice simulation",
    "medieval Icelandic law codes",
    "crocodile wrestling tournament",
    "how to knit a cardigan",
    "submarine sonar operator training",
    "Byzantine mosaics in Ravenna",
    "cryptocurrency exchange hack",
    "opera singer warming up her voice",
    "beekeeping in the desert",
    "zeppelin airship over the city",
    "tattoo removal procedure",
    "chess grandmaster resigns",
    "volcano erupting in Iceland",
    "origami crane folding",
    "nuclear reactor control rods",
    "sumo wrestling champion",
    "flamenco dancers in Seville",
    "archaeologists open a pharaoh's tomb",
    "coral reef bleaching",
    "blacksmith forging a sword",
    "parliament votes on fishing quotas",
    "ventriloquist with a puppet",
    "skydiving accident",
    "sheep shearing contest",
    "violin maker varnishing",
    "polar bears on the ice",
    "barbershop haircut fade",
    "kidney transplant waiting list",
    "pottery wheel glaze firing",
    "asdkjh qwoeiu zmxnbv",
    "blockchain",
    "xylophone",
    "helicopter",
    "고래 사냥",
    "화산 폭발",
    "양자역학 강의",
    "발레 공연",
    "잠수함",
    "相撲の優勝",
)

# One word that the speaker did not say, but meant -> a piece of the transcript.
ONE_WORD: dict[str, str] = {
    "dog": "Our puppy chewed",
    "soccer": "The penalty was saved",
    "typhoon": "The hurricane tore",
    "botany": "Photosynthesis",
    "spaceship": "The rocket lifted off",
    "resignation": "I handed in my notice",
    "guitarist": "Tune the lowest string",
    "crepe": "pancake batter",
    "railway": "The train to the coast",
    "surgery": "The doctor told him",
}
# One word, or hardly more, that says nothing about what is looked for, or that nobody says.
NOTHING_TO_FIND: tuple[str, ...] = (
    "x",
    "q",
    "um",
    "uh",
    "hmm",
    "wow",
    "hello",
    "hi",
    "oh",
    "okay",
    "yeah",
    "please",
    "thanks",
    "mr kim",
    "mrs park",
    "dr lee",
    "zzz",
    "asdf",
    "lol",
    "haha",
    "k",
    "xyz",
    "qwerty",
    "blah",
    "foo",
    "id",
    "seoul",
    "ew",
    "um okay",
)

_TOPICS: dict[str, tuple[str, ...]] = {
    "the kitchen sink": (
        "has been dripping since Monday",
        "was cleaned with vinegar",
        "is smaller than I thought",
    ),
    "our old car": (
        "did not start this morning",
        "needs new tyres before the trip",
        "made a strange noise uphill",
    ),
    "the neighbour's cat": (
        "sleeps on our wall every day",
        "came back after two weeks",
        "does not like the vet",
    ),
    "the maths exam": ("was moved to Thursday", "covers chapters four to nine", "is easier than last year"),
    "the software update": (
        "broke the printer again",
        "takes about twenty minutes",
        "is ready for the first users",
    ),
    "the hiking trail": (
        "starts behind the church",
        "was closed by a landslide",
        "is steep but worth the view",
    ),
    "our new teacher": ("talks very slowly", "gave us no homework today", "used to live in Portugal"),
    "the hotel room": ("has a view of the harbour", "was not ready when we came", "smells of fresh paint"),
    "the city council": (
        "decided to plant more trees",
        "meets on the first Tuesday",
        "wants to close the bridge",
    ),
    "the orchestra": ("rehearses in the old factory", "is looking for a cellist", "played too fast tonight"),
    "my brother": ("is learning to drive", "burned the rice again", "called from the airport"),
    "the museum": ("shows maps from three centuries", "is free on Sundays", "lost a painting last year"),
    "the bread dough": ("has to rise until noon", "was too wet to shape", "needs a pinch of sugar"),
    "the river": ("is higher than last spring", "froze at the edges", "is full of kayaks on weekends"),
    "the interview": ("went better than expected", "lasts about an hour", "starts with a simple question"),
    "this chart": ("shows sales by region", "leaves out the weekends", "has the wrong axis"),
    "the tent": ("leaks at the back", "is up in ten minutes", "was a present from my aunt"),
}
_FRAMES = (
    "So, {topic} {detail}.",
    "I wanted to tell you that {topic} {detail}, and that is all for today.",
    "Well, as you can see, {topic} {detail}. Let us go on.",
)


def distractors() -> tuple[str, ...]:
    """Return some 150 sentences about everyday things that no query asks for."""
    pairs = [(topic, detail) for topic, details in _TOPICS.items() for detail in details]
    return tuple(
        frame.format(topic=topic, detail=detail) for (topic, detail), frame in product(pairs, _FRAMES)
    )
