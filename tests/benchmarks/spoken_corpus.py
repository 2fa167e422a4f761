"""Invented scenes that are looked for in talk: by their words, by other words, and by one word."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.search_corpus import PARAPHRASED

# What is said in a scene -> what a person who half remembers it would type (no telling word in common).
_MORE_PARAPHRASED: Mapping[str, tuple[str, ...]] = {
    "They sent my suitcase to Lisbon by mistake, so I spent the first three days in the same shirt.": (
        "lost luggage",
        "airline misplaced my bags",
    ),
    "Somebody cut the lock outside the station and rode away on my bicycle in broad daylight.": (
        "bike theft",
        "stolen two-wheeler",
    ),
    "She let go of the edge, kicked with both legs, and crossed the deep end all by herself.": (
        "learning to swim",
        "first time in the pool without armbands",
    ),
    "We counted the ballots twice, and at two in the morning it was clear that the challenger had won.": (
        "election night result",
        "new politician beats the incumbent",
    ),
    "Smoke came out from under the bonnet, so I pulled over and called the breakdown service.": (
        "engine trouble on the motorway",
        "vehicle overheated during a journey",
    ),
    "All our things are in boxes, and tomorrow the lorry takes them to the new flat.": (
        "moving house",
        "packing up before relocating",
    ),
    "I lay awake until four again, counting the cracks in the ceiling.": (
        "insomnia",
        "unable to sleep at night",
    ),
    "He pulled himself up on the table leg, let go, and took two wobbly steps towards his mother.": (
        "baby starts walking",
        "toddler's first steps",
    ),
    "From January we are to pay a hundred and twenty more for the same two rooms.": (
        "rent increase",
        "housing is getting more expensive",
    ),
    "The ball went straight through the kitchen window and landed in the sink.": (
        "broken glass after kids were playing",
        "accident with a football at home",
    ),
    "Suddenly everything was dark, so we lit candles and ate the ice cream before it melted.": (
        "power cut",
        "evening without electricity",
    ),
    "Pick any card, remember it, and put it back; I promise that I am not looking.": (
        "magic trick",
        "illusionist performs for the audience",
    ),
    "There are forty patients on my ward, and between midnight and six there are just two of us.": (
        "nurse on the night shift",
        "hospital staff shortage",
    ),
    "Since we put the panels on the roof, the meter runs backwards whenever the sun is out.": (
        "solar power at home",
        "renewable energy saves money",
    ),
    "You were doing seventy in a fifty zone; may I see your licence, please?": (
        "speeding ticket",
        "stopped by the police for driving too fast",
    ),
    "Please fasten your seat belts, we expect some bumps over the Alps.": (
        "turbulence announcement on a plane",
        "captain warns the passengers",
    ),
    "We signed the papers yesterday; he keeps the house and I keep the dog.": (
        "divorce",
        "couple splits up",
    ),
    "After thirty-eight years at the same bench, today I hang up my apron for good.": (
        "retirement speech",
        "goodbye to working life",
    ),
    "The sleeping bags were wet through and the stream had come up to the tent pegs.": (
        "camping in the rain",
        "soaked outdoors overnight",
    ),
    "My eyes start to itch as soon as one of these animals with whiskers is in the room.": (
        "allergic to cats",
        "pet allergy",
    ),
    "At kilometre thirty my legs turned to lead, but the crowd carried me over the finish line.": (
        "running a marathon",
        "exhausted athlete completes the race",
    ),
    "They threw their square hats into the air, and her parents in the third row could not stop clapping.": (
        "graduation ceremony",
        "university students receive their degrees",
    ),
    "Stir the chocolate over hot water until it shines, then fold in the beaten egg whites.": (
        "dessert recipe",
        "how to make mousse",
    ),
    "The jury believed the witness, and the judge gave him eleven years.": (
        "criminal sentenced to prison",
        "verdict at a trial",
    ),
}
SPOKEN: Mapping[str, tuple[str, ...]] = {**PARAPHRASED, **_MORE_PARAPHRASED}

# Words that are said, as a person who remembers them types them -> how the transcript begins.
EXACT: Mapping[str, str] = {
    "pancake batter": "My grandmother",
    "train to the coast at noon": "The train",
    "snowman before school": "It snowed",
    "twelve percent over budget": "We went twelve",
    "turn the valve clockwise": "Turn the valve",
    "ring nearly fell in the sand": "She said yes",
    "six weeks after the operation": "The doctor told",
    "puppy chewed shoes": "Our puppy",
    "carbon dioxide": "Photosynthesis",
    "blow out seven candles": "Happy birthday",
    "stadium went silent": "The penalty",
    "plant tomatoes deep": "Plant the tomatoes",
    "tore the roof off the school": "The hurricane",
    "handed in my notice": "I handed in",
    "tune the lowest string": "Tune the lowest",
    "weather satellites": "The rocket",
    "suitcase to Lisbon": "They sent",
    "rode away in broad daylight": "Somebody cut",
    "kicked with both legs": "She let go",
    "ballots": "We counted",
    "smoke under the bonnet": "Smoke came",
    "boxes in the lorry": "All our things",
    "cracks in the ceiling": "I lay awake",
    "wobbly steps": "He pulled himself",
    "the same two rooms": "From January",
    "kitchen window": "The ball went",
    "lit candles": "Suddenly everything",
    "pick any card": "Pick any card",
    "forty patients": "There are forty",
    "the meter runs backwards": "Since we put",
    "seventy in a fifty zone": "You were doing",
    "fasten seat belts": "Please fasten",
    "signed the papers": "We signed",
    "hang up my apron": "After thirty-eight",
    "wet sleeping bags": "The sleeping bags",
    "eyes start to itch": "My eyes start",
    "kilometre thirty": "At kilometre",
    "threw their square hats": "They threw",
    "beaten egg whites": "Stir the chocolate",
    "jury believed the witness": "The jury",
}

# Words that are said, but for one that a person remembers wrongly -> how the transcript begins.
HALF_REMEMBERED: Mapping[str, str] = {
    "pancake batter overnight": "My grandmother",
    "train to the mountains at noon": "The train",
    "snowman before breakfast": "It snowed",
    "fifteen percent over budget": "We went twelve",
    "turn the handle clockwise": "Turn the valve",
    "ring nearly fell in the water": "She said yes",
    "eight weeks after the operation": "The doctor told",
    "puppy chewed slippers": "Our puppy",
    "oxygen and nitrogen": "Photosynthesis",
    "blow out nine candles": "Happy birthday",
    "whole stadium was shouting": "The penalty",
    "plant the cucumbers deep": "Plant the tomatoes",
    "tore the roof off the church": "The hurricane",
    "handed in my resignation": "I handed in",
    "two spy satellites": "The rocket",
    "suitcase sent to Madrid": "They sent",
    "cut the chain outside the station": "Somebody cut",
    "counted the ballots three times": "We counted",
    "smoke came out of the exhaust": "Smoke came",
    "lit the lanterns and ate the ice cream": "Suddenly everything",
    "fifty patients on my ward": "There are forty",
    "ninety in a fifty zone": "You were doing",
    "thirty-eight years in the same office": "After thirty-eight",
    "the jury believed the lawyer": "The jury",
}

# One word that the speaker did not say, but meant -> how the transcript begins.
ONE_WORD: Mapping[str, str] = {
    "hound": "Our puppy",
    "soccer": "The penalty",
    "typhoon": "The hurricane",
    "botany": "Photosynthesis",
    "spaceship": "The rocket",
    "resignation": "I handed in",
    "guitarist": "Tune the lowest",
    "crepe": "My grandmother",
    "railway": "The train",
    "surgery": "The doctor told",
    "baggage": "They sent",
    "thief": "Somebody cut",
    "swimming": "She let go",
    "polls": "We counted",
    "insomnia": "I lay awake",
    "blackout": "Suddenly everything",
    "magician": "Pick any card",
    "nurse": "There are forty",
    "solar": "Since we put",
    "policeman": "You were doing",
    "flight": "Please fasten",
    "divorce": "We signed",
    "retirement": "After thirty-eight",
    "camping": "The sleeping bags",
    "allergy": "My eyes start",
    "marathon": "At kilometre",
    "graduation": "They threw",
    "dessert": "Stir the chocolate",
    "courtroom": "The jury",
}

# Scenes in scripts that the packaged encoder does not read, and words of theirs as they are typed.
KOREAN: Mapping[str, Sequence[str]] = {
    "할머니는 늘 김치를 마당의 항아리에 묻어 두셨어요.": ("김치", "마당의 항아리", "할머니"),
    "내일 아침 기차를 타려면 여섯 시에는 일어나야 합니다.": ("아침 기차", "여섯 시"),
    "우리 강아지가 새 운동화를 물어뜯어 버렸어요.": ("강아지", "새 운동화를"),
    "태풍 때문에 학교 지붕이 날아갔습니다.": ("태풍", "학교 지붕"),
    "이번 분기 예산을 십이 퍼센트나 넘겼습니다.": ("분기 예산", "예산은"),
    "무릎 수술을 받고 육 주 동안 걷지 못했어요.": ("무릎 수술", "수술"),
    "로켓이 새벽에 발사되어 위성 두 개를 궤도에 올렸습니다.": ("로켓 발사", "위성"),
    "생일 축하해, 촛불을 끄고 소원을 빌어 봐.": ("생일", "촛불"),
    "토마토는 깊이 심고 저녁에만 물을 주세요.": ("토마토", "저녁에 물"),
    "십 년 다닌 회사에 오늘 사표를 냈습니다.": ("사표", "회사"),
}
JAPANESE: Mapping[str, Sequence[str]] = {
    "祖母はいつもホットケーキの生地を一時間休ませていました。": ("ホットケーキ", "生地"),
    "海岸行きの電車は正午に出ます。": ("海岸行き", "電車"),
    "一晩中雪が降って、子供たちは雪だるまを作りました。": ("雪だるま", "子供たち"),
    "台風で学校の屋根が飛ばされました。": ("台風", "屋根"),
    "膝の手術のあと、六週間は歩けませんでした。": ("膝の手術", "六週間"),
    "ロケットは夜明けに打ち上げられました。": ("ロケット", "夜明け"),
    "トマトは深く植えて、夕方だけ水をやってください。": ("トマト", "夕方"),
    "十年勤めた会社に今日辞表を出しました。": ("辞表", "会社に"),
}
CHINESE: Mapping[str, Sequence[str]] = {
    "奶奶总是让面糊放一个小时再下锅。": ("面糊", "奶奶"),
    "去海边的火车中午出发。": ("火车", "海边的火车"),
    "昨天夜里下雪了,孩子们堆了一个雪人。": ("雪人", "下雪"),
    "飓风掀翻了学校的屋顶。": ("飓风", "屋顶"),
    "他的膝盖手术之后休息了六个星期。": ("膝盖手术", "星期"),
    "火箭在黎明发射,把两颗气象卫星送入轨道。": ("气象卫星", "发射"),
    "西红柿要种得深,只在傍晚浇水。": ("西红柿", "傍晚"),
    "我今天向公司递交了辞职信。": ("辞职信", "公司"),
}
OTHER_SCRIPTS: Mapping[str, Sequence[str]] = {**KOREAN, **JAPANESE, **CHINESE}

# More talk in these scripts, which nobody asks for.
OTHER_SCRIPTS_TALK: Sequence[str] = (
    *(
        "오늘은 날씨가 흐리네요.",
        "그 영화는 생각보다 길었어요.",
        "버스가 십 분 늦게 왔습니다.",
        "내일 다시 연락드릴게요.",
    ),
    *(
        "이 가방은 어디에서 샀어요?",
        "점심은 뭐 먹을까요?",
        "문을 닫고 들어오세요.",
        "주차장은 건물 뒤에 있습니다.",
    ),
    *(
        "昨日はとても疲れました。",
        "この本はどこで買いましたか。",
        "駐車場は建物の裏にあります。",
        "また明日連絡します。",
    ),
    *(
        "その映画は思ったより長かった。",
        "ドアを閉めてください。",
        "お昼は何にしましょうか。",
        "バスが遅れています。",
    ),
    *("今天天气有点阴。", "这本书是在哪里买的?", "停车场在大楼后面。", "明天再联系你。"),
    *("那部电影比我想的长。", "请把门关上。", "午饭吃什么?", "公交车晚点了十分钟。"),
)
