# type: ignore
"""Sentence grammar (about 300 words) of the nano Whisper test model. gen(rng) -> a sentence such as "Anna opens the blue door in the morning." """

import random

NAMES = "Anna Minji David Maria Tom Sarah John Emma".split()
SUBJ = "the man|the woman|a boy|a girl|the teacher|the doctor|the baby|two people|my friend|the children|the student|a singer|the driver|the player|our team|the family|he|she|somebody".split(
    "|"
)
ADJ = "red blue green yellow black white big small old new beautiful little".split()
OBJ = "car boat dog cat cake guitar bicycle train house ball book phone camera flower tree bus airplane horse bird box piano hat table chair window door bottle cup computer bag bridge mountain lake river birthday_cake bowl kite clock sandwich umbrella ship".replace(
    "_", " "
).split(" ")
OBJ = [o for o in OBJ if o != "birthday"]
OBJ += [
    "birthday cake",
    "video",
    "picture",
    "movie",
    "song",
    "pizza",
    "fish",
    "robot",
    "apple",
    "banana",
]
PLACE = "in the park|under the bridge|on the table|at the beach|in the kitchen|in the city|on the mountain|near the river|at the station|in the garden|at school|in the office|on the road|by the lake|in the snow|in the rain|at home|in the forest|on the street|behind the house|in front of the house|next to the window|at the party|in the room|on the boat|in the water".split(
    "|"
)
TIME = "at night|in the morning|at sunset|today|tomorrow|yesterday|in the evening|in the afternoon|on Monday|on Tuesday|on Wednesday|on Thursday|on Friday|on Saturday|on Sunday|in the winter|in the summer|every day|now|again|after lunch|before dinner".split(
    "|"
)
VI = "walks talks runs sings laughs jumps dances sleeps swims smiles waits drives plays cooks reads stands sits cries works".split()
VING = "walking talking running singing laughing jumping dancing sleeping swimming smiling waiting driving playing cooking reading standing sitting crying working".split()
ADV = "slowly quickly quietly happily together alone".split()
VT = "opens closes cuts plays sees holds buys paints finds watches drives rides takes wants eats makes shows carries throws likes".split()
NUM = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty hundred".split()
PL = "cars boats dogs cats cakes books birds trees people students flowers horses bicycles children balls houses minutes".split()
TOPIC = "machine learning|computer vision|neural networks|history|music|cooking|science|data|video search|art|mathematics|the weather".split(
    "|"
)
FIX = [
    "welcome to the lecture on machine learning",
    "please open the door",
    "happy birthday to you",
    "the meeting starts at ten",
    "good morning everyone",
    "thank you very much",
    "let us begin the lesson",
    "the next slide shows the results",
    "hello and welcome to the show",
    "good night and see you tomorrow",
    "thank you for watching",
    "please close the window",
    "it is raining in the city",
    "it is snowing on the mountain",
    "the weather is cold today",
    "the weather is warm and sunny",
    "what time is it?",
    "where are you going?",
    "how are you today?",
    "I love you",
    "see you next week",
    "turn left at the bridge",
    "turn right at the station",
    "stop the car",
    "look at the sunset",
    "the sun is shining",
    "this is the end of the video",
    "blow out the candles",
    "congratulations on your new job",
    "we wish you a merry christmas",
    "the train is late",
    "ladies and gentlemen",
    "are you ready?",
    "yes I am ready",
    "no thank you",
    "the dog is barking",
    "press the button to start the machine",
    "this is a test",
    "we won the game",
    "he scored a goal",
    "the crowd is cheering",
    "add some salt and sugar",
    "mix the eggs and the milk",
    "the water is boiling",
    "the baby is laughing",
]
A = lambda w: ("an " if w[0] in "aeiou" else "a ") + w


def np_(r):
    o = r.choice(OBJ)
    x = r.random()
    if x < 0.45:
        return r.choice(["the ", "the ", "my ", "your "]) + o
    if x < 0.6:
        return A(o)
    w = r.choice(ADJ) + " " + o
    return ("the " + w) if r.random() < 0.6 else A(w)


def who(r):
    return r.choice(NAMES) if r.random() < 0.55 else r.choice(SUBJ)


def sing(r):
    while 1:
        w = who(r)
        if w not in ("two people", "the children"):
            return w


def tail(r):
    x = r.random()
    if x < 0.25:
        return ""
    if x < 0.6:
        return " " + r.choice(PLACE)
    if x < 0.8:
        return " " + r.choice(TIME)
    return " " + r.choice(PLACE) + " " + r.choice(TIME)


def base(r):
    t = r.randrange(24)
    c = r.choice
    if t < 3:
        return (
            sing(r)
            + " "
            + c(VI)
            + (" " + c(ADV) if r.random() < 0.25 else "")
            + tail(r)
        )
    if t < 7:
        return sing(r) + " " + c(VT) + " " + np_(r) + tail(r)
    if t == 7:
        return (
            c(
                [
                    "the man and the woman are ",
                    "two people are ",
                    "the children are ",
                    "we are ",
                    "they are ",
                ]
            )
            + c(VING)
            + tail(r)
        )
    if t == 8:
        return sing(r) + " is " + c(VING) + tail(r)
    if t == 9:
        return sing(r) + " is " + c(VING) + " with " + c([c(NAMES), np_(r)]) + tail(r)
    if t == 10:
        return "there is " + A(c(ADJ) + " " + c(OBJ)) + " " + c(PLACE)
    if t == 11:
        return "there are " + c(NUM) + " " + c(PL) + " " + c(PLACE)
    if t == 12:
        return (
            c(
                [
                    "the meeting starts at ",
                    "the train arrives at ",
                    "the party begins at ",
                    "the lesson ends at ",
                ]
            )
            + c(NUM[:12])
            + c(["", "", " " + c(TIME)])
        )
    if t == 13:
        return c(
            [
                "welcome to the lecture on ",
                "today we talk about ",
                "this lesson is about ",
                "let us learn about ",
                "the lecture on ",
            ]
        ) + c(TOPIC)
    if t == 14:
        return (
            "please "
            + c(
                [
                    "open",
                    "close",
                    "take",
                    "find",
                    "show me",
                    "bring",
                    "give me",
                    "look at",
                    "paint",
                    "cut",
                    "wait for",
                ]
            )
            + " "
            + np_(r)
        )
    if t == 15:
        return (
            c(
                [
                    "I see ",
                    "we see ",
                    "I want ",
                    "we have ",
                    "I like ",
                    "this is ",
                    "look at ",
                    "this video shows ",
                    "can you see ",
                    "you can see ",
                    "where is ",
                ]
            )
            + np_(r)
            + c(["", " " + c(PLACE)])
        )
    if t == 16:
        return c(
            [
                "hello my name is ",
                "happy birthday ",
                "good morning ",
                "thank you ",
                "my friend is ",
                "where is ",
                "I am ",
                "goodbye ",
            ]
        ) + c(NAMES)
    if t == 17:
        return np_(r) + " is " + c(PLACE)
    if t == 18:
        return (
            c(NAMES)
            + " and "
            + c(NAMES)
            + c(
                [
                    " are " + c(VING),
                    " go to the "
                    + c(
                        [
                            "beach",
                            "city",
                            "park",
                            "station",
                            "school",
                            "kitchen",
                            "party",
                            "mountain",
                            "lake",
                        ]
                    ),
                ]
            )
            + c(["", " " + c(TIME)])
        )
    if t == 19:
        return "number " + " ".join(c(NUM) for _ in range(r.randint(1, 4)))
    if t == 20:
        return (
            c(
                [
                    "we are going to the ",
                    "he goes to the ",
                    "she goes to the ",
                    "let us go to the ",
                    "I am going to the ",
                    "they walk to the ",
                ]
            )
            + c(
                [
                    "beach",
                    "city",
                    "park",
                    "station",
                    "school",
                    "kitchen",
                    "party",
                    "mountain",
                    "lake",
                    "garden",
                    "office",
                    "river",
                    "forest",
                    "house",
                ]
            )
            + c(["", " " + c(TIME)])
        )
    if t == 21:
        return c(ADJ) + " " + c(OBJ) + " and " + c(ADJ) + " " + c(OBJ)
    return c(FIX)


_w = None


def words():
    """every word of the grammar (lower case except names, I, days)"""
    global _w
    if _w is None:
        r = random.Random(1)
        s = set()
        for _ in range(60000):
            s.update(base(r).replace("?", "").split())
        _w = sorted(s)
    return _w


def gen(r):
    x = r.random()
    if x < 0.12:
        s = " ".join(
            r.choice(words()) for _ in range(r.randint(2, 7))
        )  # free word salad: keeps the decoder from guessing by template
    elif x < 0.25:
        w = base(r).replace("?", "").split()
        for _ in range(r.randint(1, 2)):
            w[r.randrange(len(w))] = r.choice(words())
        s = " ".join(w)
    elif x < 0.32:
        s = base(r).replace("?", "") + " and " + base(r).replace("?", "")
    else:
        s = base(r)
    w = s.split()
    if len(w) > 14:
        s = " ".join(w[:14])
    q = s.endswith("?") or s.split()[0] in ("where", "can", "what", "how", "are")
    s = s.rstrip("?")
    return s[0].upper() + s[1:] + ("?" if q else ".")


if __name__ == "__main__":
    r = random.Random(0)
    for _ in range(30):
        print(gen(r))
    print(len(words()))
    print(" ".join(words()))
