"""Questions and sentences that have nothing to do with each other: how near do unrelated texts lie?

Per kind of script, since an encoder that never learnt a script puts all its texts close together. The
questions are short, as people type them; no sentence answers a question. Beside them stand a few questions
with a sentence that does answer, in other words: an encoder that does not even see these has nothing to say
in that script.
"""

from dataclasses import dataclass
from enum import StrEnum


class Script(StrEnum):
    """The scripts that are told apart; every other is judged like the least favourable of these."""

    LATIN = "latin"
    HANGUL = "hangul"
    JAPANESE_OR_CHINESE = "japanese or chinese"


@dataclass(frozen=True, slots=True)
class Background:
    """What to type, what is said elsewhere, and pairs of what is typed and a sentence that answers it."""

    queries: tuple[str, ...]
    passages: tuple[str, ...]
    answered: tuple[tuple[str, str], ...]


_LATIN = Background(
    queries=(
        "lighthouse keeper",
        "tax return for freelancers",
        "camels crossing a salt lake",
        "wine cellar tour",
        "ballet shoes",
        "replacing a bicycle chain",
        "court hearing about inheritance",
        "fossil of a dinosaur",
        "choir singing in a cathedral",
        "pregnancy exercises",
        "sailing around an island",
        "old telephone operators",
        "tropical fish feeding",
        "mortgage interest rates",
        "juggling with fire",
        "steam engine restoration",
        "a wolf howling",
        "visa application at the embassy",
        "stained glass window",
        "boxing training",
        "planting rice by hand",
        "detective questions the butler",
        "allergy to peanuts",
        "northern lights",
        "skateboard trick on stairs",
        "sewing a wedding dress",
        "cave explorers with ropes",
        "interview with an astronaut's wife",
        "making soap at home",
        "elevator stuck between floors",
        "harvest of olives",
        "protest march downtown",
        "parrot repeating words",
        "typewriter repair",
        "mountain rescue by night",
        "carnival masks",
        "drone racing",
        "soldiers coming home",
        "bathroom tiles",
        "yoga for beginners",
    ),
    passages=(
        "Please keep your receipts until the end of the month and put them into the blue folder.",
        "They have known each other since kindergarten, but they only became friends much later.",
        "If you press both buttons at once, the screen turns dark and the machine starts again.",
        "There were twenty of us on the bus and nobody had remembered to bring any water.",
        "In the second chapter the author describes how the village lost its market.",
        "Add two spoons of flour, stir slowly, and do not let it boil.",
        "I am not saying that he is wrong, I am saying that we should wait.",
        "The next speaker has worked in public libraries for more than thirty years.",
        "Could you move a little to the left, please, the light is better there.",
        "We rented a small flat near the station because it was cheap.",
        "Energy cannot be created or destroyed, it only changes its form.",
        "Then he put on his coat, said nothing, and walked out into the rain.",
        "Our guests usually arrive on Friday evening and leave on Sunday.",
        "This button here opens the menu, and that one takes you back.",
        "She has three sisters, and all of them are taller than she is.",
        "The shop is closed for two weeks while the floor is being repaired.",
        "Take a deep breath, close your eyes, and count to ten.",
        "Most of the delegates voted for the second proposal after a long debate.",
        "I found these photographs in a box under my father's bed.",
        "The bridge was finished in the spring and opened to traffic in June.",
        "What do you mean, you forgot the keys? We are already late!",
        "Everyone gets a card, and you must not show it to the others.",
        "The medicine should be taken twice a day, always after a meal.",
        "It is getting dark, we should look for a place to stay.",
        "Prices went up again last year, while wages stayed where they were.",
        "Thank you all for watching, and see you next week.",
        "He paints in the morning and teaches at the university after lunch.",
        "The wind turned during the night and the boats had to come back.",
        "Let me show you how the two halves fit together.",
        "A small company in the north makes these chairs from old barrels.",
        "First we lost the map, and then the phone ran out of battery.",
        "Good evening, here are the headlines.",
    ),
    answered=(
        ("toothache", "The dentist says that the wisdom teeth have to come out."),
        ("a burglary", "Thieves broke in through the back window and took the silver."),
        ("hot summer weather", "It was thirty-eight degrees in the shade and nobody could sleep."),
        ("learning a foreign language", "I practise my Spanish vocabulary every evening."),
        ("airplane landing", "The pilot put us down softly on the runway in Geneva."),
        ("newborn child", "Our baby came at four in the morning and weighs seven pounds."),
    ),
)
_HANGUL = Background(
    queries=(
        "등대지기",
        "세금 신고 방법",
        "자전거 체인 교체",
        "공룡 화석",
        "성당 합창단",
        "수족관 물고기",
        "대출 금리",
        "증기 기관차",
        "늑대 울음소리",
        "권투 훈련",
        "모내기",
        "오로라",
        "비누 만들기",
        "산악 구조대",
        "요가 입문",
        "앵무새",
    ),
    passages=(
        "영수증은 월말까지 파란 서류철에 넣어 주세요.",
        "두 사람은 어릴 때부터 알았지만 훨씬 나중에야 친구가 되었습니다.",
        "버튼을 동시에 누르면 화면이 꺼지고 기계가 다시 시작됩니다.",
        "버스에 스무 명이 탔는데 아무도 물을 가져오지 않았어요.",
        "밀가루를 두 숟가락 넣고 천천히 저어 주세요.",
        "다음 발표자는 도서관에서 삼십 년 넘게 일하신 분입니다.",
        "역 근처의 작은 집을 빌렸습니다.",
        "그는 외투를 입고 아무 말 없이 나갔다.",
        "바닥 공사 때문에 가게는 이 주 동안 문을 닫습니다.",
        "눈을 감고 열까지 세어 보세요.",
        "아버지 침대 밑에서 이 사진들을 찾았어요.",
        "다리는 봄에 완성되어 유월에 개통되었습니다.",
        "약은 하루 두 번 식후에 드세요.",
        "작년에 물가는 올랐지만 월급은 그대로였습니다.",
        "시청해 주셔서 감사합니다.",
        "네, 알겠습니다.",
        "그래서 그렇게 됐어요.",
        "안녕하십니까, 저녁 뉴스입니다.",
    ),
    answered=(
        ("치통", "치과에서 사랑니를 뽑아야 한대요."),
        ("절도 사건", "도둑이 뒤쪽 창문으로 들어와 귀금속을 훔쳐 갔습니다."),
        ("더운 여름 날씨", "그늘에서도 삼십팔 도라 아무도 잠을 못 잤어요."),
        ("외국어 공부", "저녁마다 스페인어 단어를 외워요."),
        ("비행기 착륙", "기장이 제네바 활주로에 부드럽게 내렸습니다."),
        ("갓난아기", "우리 아이가 새벽 네 시에 태어났어요."),
    ),
)
_JAPANESE_OR_CHINESE = Background(
    queries=(
        "灯台守",
        "確定申告のやり方",
        "自転車のチェーン交換",
        "恐竜の化石",
        "聖歌隊",
        "熱帯魚の餌",
        "住宅ローンの金利",
        "蒸気機関車",
        "狼の遠吠え",
        "ボクシングの練習",
        "田植え",
        "オーロラ",
        "石鹸作り",
        "山岳救助",
        "瑜伽入门",
        "鹦鹉学说话",
    ),
    passages=(
        "領収書は月末まで青いファイルに入れておいてください。",
        "二人は幼なじみですが、親しくなったのはずっと後でした。",
        "ボタンを同時に押すと画面が消えて再起動します。",
        "バスには二十人いましたが、誰も水を持っていませんでした。",
        "小麦粉を大さじ二杯入れて、ゆっくり混ぜます。",
        "次の講演者は図書館で三十年以上働いてきました。",
        "駅の近くに小さな部屋を借りました。",
        "彼はコートを着て、何も言わずに出て行った。",
        "床の工事のため、店は二週間休みます。",
        "目を閉じて十まで数えてください。",
        "父のベッドの下でこの写真を見つけました。",
        "橋は春に完成し、六月に開通しました。",
        "薬は一日二回、食後に飲んでください。",
        "去年物价上涨了，但是工资没有变。",
        "谢谢大家的收看，下周再见。",
        "はい、わかりました。",
        "それでそうなりました。",
        "こんばんは、ニュースの時間です。",
    ),
    answered=(
        ("歯痛", "親知らずを抜かなければならないと歯医者に言われました。"),
        ("空き巣", "泥棒が裏の窓から入って銀の食器を盗んだ。"),
        ("真夏の暑さ", "日陰でも三十八度あって誰も眠れなかった。"),
        ("外国語の勉強", "毎晩スペイン語の単語を覚えています。"),
        ("飛行機の着陸", "機長はジュネーブの滑走路に静かに降りた。"),
        ("新生儿", "我们的宝宝凌晨四点出生了。"),
    ),
)

BACKGROUNDS = {
    Script.LATIN: _LATIN,
    Script.HANGUL: _HANGUL,
    Script.JAPANESE_OR_CHINESE: _JAPANESE_OR_CHINESE,
}

_INTERJECTIONS = """
ah aha alright aw bye eh er erm gosh ha hah heh hello hey hi hm huh lol meh mhm mm nah nope oh ok okay oi
ooh oops ouch ow phew please pst shh thanks ugh uh uhhuh um umm well whoa woo wow yay yea yeah yep yes yo
음 어 아 와 네 예 응 우와 아이고 안녕 ㅋ ㅎ ㅠ
えっと えーと あの うん はい ええ わあ ねえ
"""
INTERJECTIONS = frozenset(_INTERJECTIONS.split())
"""What people utter between words, folded, in English, Korean and Japanese."""
