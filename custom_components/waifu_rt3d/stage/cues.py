"""What a reply does besides speaking: emotions, gestures, glances, and the words models use for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
import re
import unicodedata


class CueKind(StrEnum):
    """What a cue moves."""

    EMOTION = "emotion"
    GESTURE = "gesture"
    GAZE = "gaze"


HOLD_MS = {CueKind.EMOTION: 4000, CueKind.GESTURE: 0, CueKind.GAZE: 1500}
"""How long a cue stays when nothing else is said; a gesture lasts as long as it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A cue and where it stands in the speech text (code points)."""

    kind: CueKind
    name: str
    intensity: float = 1.0
    offset: int = 0
    hold_ms: int = 0

    @property
    def name_only(self) -> CueName:
        """Return the cue without its place."""
        return CueName(kind=self.kind, name=self.name, intensity=self.intensity)


def feelings_key(cues: Iterable[Cue]) -> str:
    """Return the emotions of a text and their places, as a word that changes with them."""
    emotions = (cue for cue in cues if cue.kind is CueKind.EMOTION)
    return " ".join(f"{cue.offset}:{cue.name}:{cue.intensity:g}" for cue in emotions)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueName:
    """A cue without a place: what a tag means."""

    kind: CueKind
    name: str
    intensity: float = 1.0

    def at(self, offset: int) -> Cue:
        """Return the cue at a place in the speech text."""
        return Cue(
            kind=self.kind,
            name=self.name,
            intensity=self.intensity,
            offset=offset,
            hold_ms=HOLD_MS[self.kind],
        )


_EMOTIONS = {
    "neutral": "normal default serious plain neutral-face ruhig-neutral 中立 普通 平静",
    "happy": "happiness joy joyful smile smiling grin grinning cheerful glad pleased delighted content"
    " grateful laugh laughing laughs laughter lol giggle giggles giggling chuckle chuckles chuckling"
    " smiles grins beaming fröhlich glücklich freudig froh lachen lacht lächeln lächelt grinst kichert schmunzelt strahlt freude"
    " 开心 開心 高兴 高興 快乐 快樂 笑 微笑 大笑 喜 喜び 嬉しい 笑顔 笑う ハッピー 행복",
    "sad": "sadness sorrow sorrowful unhappy cry crying cries tears sob sobbing heartbroken upset down-hearted"
    " disappointed depressed melancholy sigh sighs sighing traurig weinen weint schluchzt seufzt enttäuscht"
    " 悲伤 悲傷 难过 難過 伤心 傷心 哭 悲しい 悲 泣く 슬픔",
    "angry": "anger mad furious rage pout pouting pouts grumpy wütend böse schmollt zornig ärger"
    " 生气 生氣 愤怒 憤怒 怒 怒り 怒る 분노",
    "surprised": "surprise shock shocked astonished amazed gasp gasps gasping startled wow"
    " überrascht erstaunt erschrocken 惊讶 驚訝 吃惊 吃驚 驚き 驚く 驚 びっくり 놀람",
    "relaxed": "relax peaceful serene cozy comfy entspannt gelassen 放松 リラックス 楽",
    "amused": "playful teasing tease mischievous sarcastic wink winking winks witty amüsiert verspielt zwinkert",
    "excited": "excitement thrilled ecstatic enthusiastic energetic overjoyed hyped aufgeregt begeistert 兴奋 興奮",
    "love": "loving affection affectionate adoring heart hearts romantic tender liebe verliebt 爱 愛",
    "proud": "smug confident pride stolz",
    "annoyed": "irritated disgust disgusted frustrated frown frowning frowns genervt angewidert",
    "lonely": "einsam",
    "sorry": "apologetic regret regretful ashamed guilty",
    "worried": "scared fear afraid fearful anxious nervous concerned concern terrified besorgt ängstlich zittert"
    " angst nervös 害怕 担心 恐れ 心配 怖い",
    "calm": "soothing gentle soft softly whisper whispers whispering ruhig sanft",
    "shy": "embarrassed embarrassment blush blushing blushes bashful flustered schüchtern verlegen errötet 害羞 照れ 恥ずかしい",
    "sleepy": "tired bored exhausted drowsy müde schläfrig gelangweilt 困 眠い",
    "curious": "confused confusion puzzled thoughtful interested intrigued neugierig verwirrt 好奇 困惑",
}
_GESTURES = {
    "wave": "waves waving wave-hand waves-hand wink-wave hello-wave hand-wave winken winkt wave-hello wave-goodbye 挥手 揮手 手を振る",
    "nod": "nods nodding nods-head nod-head nicken nickt 点头 點頭 うなずく 頷く",
    "shake": "shakes-head shake-head shaking-head headshake head-shake kopfschütteln 摇头",
    "shrug": "shrugs shrugging shrugs-shoulders achselzucken",
    "think": "thinks thinking ponder ponders pondering nachdenken denkt-nach überlegt grübelt 思考 考える",
    "cheer": "cheers cheering celebrate celebrates celebrating jump jumps jumping fist-pump dance dances dancing jubeln jubelt tanzt hüpft",
    "clap": "claps clapping applaud applauds applause claps-hands klatschen klatscht",
    "bow": "bows bowing verbeugen verbeugt-sich verbeugt 鞠躬 お辞儀",
    "point_left": "points-left",
    "point_right": "points-right point points pointing",
    "listen": "listens listening hand-to-ear lauscht",
    "cross_arms": "crosses-arms crossed-arms arms-crossed",
    "facepalm": "facepalms",
    "sit": "sits sitting sit-down setzt-sich hinsetzen sitzen",
    "yawn": "yawns yawning stretch stretches stretching gähnen gähnt",
    "shy": "hides-face covers-face mouth-cover",
}
_GAZES = {
    "user": "viewer camera you forward front center centre straight me person",
    "left": "links",
    "right": "rechts",
    "up": "upward upwards oben ceiling",
    "down": "downward downwards unten floor ground",
    "away": "aside side weg around",
}
_KINDS = {
    CueKind.EMOTION: "emotion emo mood face expression expr feeling feel gefühl",
    CueKind.GESTURE: "gesture motion action anim animation pose move geste act emote",
    CueKind.GAZE: "gaze look looks looking eyes eye lookat look-at blick",
}
_DEGREES = {
    "a-bit": 0.4, "a-little": 0.4, "slightly": 0.4, "somewhat": 0.5, "mildly": 0.4, "etwas": 0.4,
    "leicht": 0.4, "quite": 0.8, "pretty": 0.8, "very": 1.0, "really": 1.0, "so": 1.0,
    "extremely": 1.0, "super": 1.0, "sehr": 1.0, "total": 1.0,
}  # fmt: skip

_STRENGTHS = {
    "low": 0.3,
    "weak": 0.3,
    "soft": 0.3,
    "medium": 0.6,
    "mid": 0.6,
    "high": 1.0,
    "strong": 1.0,
    "full": 1.0,
    "max": 1.0,
}

MAX_TAG = 40
"""Longest content of a tag, in code points."""
_FUZZY_CUTOFF = 0.86
"""`happpy` still means happy, `Harry` does not."""
_AMOUNT = re.compile(r"\s*[:=|,]?\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*(%?)$")
_AMOUNT_NAME = re.compile(r"[\s,;|]*\b(?:intensity|strength|level|weight)\s*[:=]\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s_-]+")
_TOWARD = re.compile(r"^(?:at|to|toward|towards|into)_(?:the_)?")


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as text."""
    return frozenset(text.split())


def _aliases(table: dict[str, str]) -> dict[str, str]:
    """Return every spelling with the name it stands for."""
    words = {name: name for name in table}
    for name, others in table.items():
        words |= {_key(other): name for other in others.split() if _key(other) not in table}
    return words


def _key(name: str) -> str:
    """Return a name as the tables are keyed: folded, one kind of separator, no marks."""
    folded = unicodedata.normalize("NFC", name).casefold().strip(" \t!?.~'\"#/*_")
    return _SEPARATORS.sub("_", folded)


_NAMES = {
    CueKind.EMOTION: _aliases(_EMOTIONS),
    CueKind.GESTURE: _aliases(_GESTURES),
    CueKind.GAZE: _aliases(_GAZES),
}
_KIND_WORDS = {_key(word): kind for kind, words in _KINDS.items() for word in words.split()}
_DEGREE_WORDS = {_key(word): amount for word, amount in _DEGREES.items()}
_BARE = (CueKind.EMOTION, CueKind.GESTURE)
"""Kinds that a tag may name without saying so; `[left]` alone is no glance."""


def known(name: str, *, fuzzy: bool = False) -> CueName | None:
    """Return what a word without a kind means, if anything."""
    key = _key(name)
    for kind in _BARE:
        if found := _NAMES[kind].get(key):
            return CueName(kind=kind, name=found)
    return _nearest(key) if fuzzy and len(key) > 3 and key.isalpha() else None


def _nearest(key: str) -> CueName | None:
    """Return the meaning of a word that is spelled almost right."""
    for kind in _BARE:
        if near := get_close_matches(key, _NAMES[kind], n=1, cutoff=_FUZZY_CUTOFF):
            return CueName(kind=kind, name=_NAMES[kind][near[0]])
    return None


def read_tag(content: str) -> tuple[CueName, ...]:
    """Return what the content of a tag means; nothing when it isn't one we know.

    `happy`, `happy:0.6`, `very happy`, `gesture:wave`, `emotion: happy, 60%`, `happy, wave`.
    """
    if len(content) > MAX_TAG:
        return ()
    content = _AMOUNT_NAME.sub(":", content).rstrip(" :=")
    whole = _read_one(content)
    if whole is not None:
        return (whole,)
    parts = re.split(r"[,|;+&/、，]", content)
    found = [cue for part in parts if (cue := _read_one(part)) is not None]
    return tuple(found) if len(parts) > 1 and len(found) == len(parts) else ()


def _read_one(content: str) -> CueName | None:
    """Return what a single name with its kind and amount means."""
    content = content.replace("：", ":").replace("=", ":")
    kind_word, colon, rest = content.partition(":")
    kind = _KIND_WORDS.get(_key(kind_word)) if colon else None
    name, intensity = _split_amount(rest if kind else content)
    if kind is None:
        return _with_degree(name, intensity) or _spoken_kind(name, intensity)
    found = _of_kind(kind, name, intensity)
    if kind is CueKind.EMOTION and found is None:
        degreed = _with_degree(name, intensity)
        return degreed if degreed and degreed.kind is kind else None
    return found


def _split_amount(text: str) -> tuple[str, float]:
    """Return the name and the intensity written behind it, 1 when there is none."""
    name, colon, word = text.rpartition(":")
    if colon and (strength := _STRENGTHS.get(_key(word))):
        return name, strength
    match = _AMOUNT.search(text)
    if not match or match.start() == 0:
        return text, 1.0
    amount = float(match[1].replace(",", "."))
    if match[2] or amount > 10:
        amount /= 100
    elif amount >= 2:
        amount /= 10
    return text[: match.start()], round(min(1.0, amount), 3)


def _with_degree(name: str, intensity: float) -> CueName | None:
    """Return what a bare name means, also behind a word like `very`."""
    key = _key(name)
    for degree, amount in _DEGREE_WORDS.items():
        if key.startswith(f"{degree}_") and (found := known(key[len(degree) + 1 :])):
            return CueName(kind=found.kind, name=found.name, intensity=amount)
    found = known(name, fuzzy=True)
    return found and CueName(kind=found.kind, name=found.name, intensity=intensity)


def _spoken_kind(name: str, intensity: float) -> CueName | None:
    """Return what `looks left` or `emotion happy` mean: the kind is the first word."""
    first, _, rest = _key(name).partition("_")
    kind = _KIND_WORDS.get(first)
    if kind is None or _TOWARD.sub("", rest) not in _NAMES[kind]:
        return None
    return _of_kind(kind, rest, intensity)


def _of_kind(kind: CueKind, name: str, intensity: float) -> CueName | None:
    """Return a cue of a kind that was named; gestures may be the owner's own."""
    key = _key(name) if kind is not CueKind.GAZE else _TOWARD.sub("", _key(name))
    found = _NAMES[kind].get(key)
    if found is None and kind is CueKind.EMOTION:
        near = _nearest(key)
        found = near.name if near and near.kind is kind else None
    if found is None and kind is CueKind.GESTURE and re.fullmatch(r"\w+", key):
        found = key
    return None if found is None else CueName(kind=kind, name=found, intensity=intensity)


def is_listed(cue: CueName) -> bool:
    """Return whether a cue has a name that everybody knows, not one of the owner's own."""
    return cue.name in _NAMES[cue.kind]


def begins_tag(content: str) -> bool:
    """Return whether a tag that was cut off here could still have become one of ours."""
    key = _key(content)
    words = (*_spellings(), *_KIND_WORDS)
    kind_word, colon, _ = content.partition(":")
    return (
        not key
        or any(word.startswith(key) for word in words)
        or (bool(colon) and (_key(kind_word) in _KIND_WORDS or known(kind_word) is not None))
    )


def _spellings() -> Iterator[str]:
    """Yield every word that is a tag of its own."""
    for kind in _BARE:
        yield from _NAMES[kind]
