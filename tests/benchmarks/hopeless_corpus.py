"""Queries that nothing answers: what nobody speaks of, no picture shows and no screen holds."""

from collections.abc import Sequence

from tests.benchmarks.search_corpus import HOPELESS, NOTHING_TO_FIND

_MORE_HOPELESS: Sequence[str] = (
    "glacier melting in Patagonia",
    "how to tie a bow tie",
    "bullfighting in Mexico",
    "sword swallowing record",
    "medieval siege catapult",
    "gene editing with CRISPR",
    "oyster farm at low tide",
    "glass blowing workshop",
    "Viking ship burial",
    "truffle hunting with pigs",
    "sled dogs in Alaska",
    "nuclear submarine reactor leak",
    "falconry demonstration",
    "ancient Greek pottery shards",
    "hot air balloon festival",
    "wind tunnel aerodynamics",
    "scuba diving with sharks",
    "Gregorian chant notation",
    "diamond mining in Botswana",
    "sand dune racing",
    "antique clock restoration",
    "synchronised swimming olympics",
    "stock market crash of 1929",
    "tap dancing championship",
    "penguin colony in Antarctica",
    "hostage negotiation",
    "bonsai pruning",
    "earthquake in Chile",
    "trapeze artist falls into the net",
    "rainforest deforestation protest",
    "ukulele",
    "kangaroo",
    "cathedral organ pipes",
    "mummy",
    "avalanche",
    "pirate",
    "laser",
    "whiskey distillery",
    "vaccine",
)
UNSPOKEN: Sequence[str] = (*HOPELESS, *_MORE_HOPELESS)
"""Things that nobody speaks of, Korean and Japanese among them."""

SAYS_NOTHING: Sequence[str] = NOTHING_TO_FIND
"""One word, or hardly more, that says nothing about what is looked for, or that nobody says."""

UNWRITTEN: Sequence[str] = (
    *(
        "trapezoid",
        "harvest festival",
        "blood pressure chart",
        "spearmint",
        "winner of the lottery",
    ),
    *("sheriff", "wanted dead or alive", "gluten free", "barcode", "volcanic ash"),
    *("saxophone", "tournament bracket", "merry christmas", "quicksand", "organic honey"),
    *("gravel quarry", "beware of the dog", "lost and found", "tax refund", "Kilimanjaro"),
)
"""What stands on no screen of the corpus."""

UNSEEN: Sequence[str] = (
    *("a zebra", "a giraffe", "a kangaroo", "an eagle", "a peacock", "a shark", "an octopus", "a squirrel"),
    *("a banana", "strawberries", "a fig", "broccoli", "a pretzel", "spaghetti", "a pear"),
    *("a saxophone", "a harp", "a drum", "a flute", "an accordion", "a banjo", "a harmonica"),
    *("a helicopter", "a fire engine", "an ambulance", "a tractor", "a submarine"),
    *("a lighthouse", "a castle", "a windmill", "a palace", "a fountain", "a greenhouse"),
    *("a chain saw", "a hammer", "a screwdriver", "a lawn mower", "a vacuum cleaner", "a hair dryer"),
    *("a refrigerator", "a television", "a printer", "a telescope", "a microscope", "a parking meter"),
    *("a golf ball", "a ping-pong ball", "a tennis racket", "a barbell", "a punching bag", "a ski"),
    *("a kimono", "a bow tie", "a wedding gown", "an envelope", "a crossword puzzle", "a jigsaw puzzle"),
)
"""Things and animals that none of the labelled photos shows."""
