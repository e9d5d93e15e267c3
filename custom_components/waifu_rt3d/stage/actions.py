"""Stage directions: telling `*waves*`, which is done, from `*really*`, which is stressed and spoken."""

from enum import StrEnum
import re

from .cues import CueKind, CueName, known, read_tag, word_set

MAX_ACTION = 300
"""Longest stage direction, in code points."""

_VERBS = word_set("""
adjust appear approach arch beam bite blink blow blush bob bounce bow breathe brush burst caress cheer
chuckle clap clasp clear climb close coo cough cover cringe cross crouch cry cuddle curl curtsy dance
dim embrace exhale extend fidget flash flick flinch flip float flutter fold freeze frown furrow gasp
gaze gesture giggle glance glare gleam grab grimace grin groan growl grumble gulp hesitate hide hiccup high-five
hold hop huff hug hum inhale jump kiss kneel laugh lean leap lean lie lift listen look lower
mumble murmur mutter narrow nibble nod nudge nuzzle open pace pat pause peek peer perk pet pinch place play
point poke ponder pounce pout pretend puff pull purr push put raise reach relax rest roll rub rush scowl scratch
shake shiver shrug shuffle shudder sigh sing sip sit skip sleep slump smile smirk sneak sneeze snicker sniff
sniffle snort snuggle sob spin squeal squeeze squint squirm stammer stand stare step stick stifle stretch
stroke strut stutter sway swing take tap tease think tilt touch tremble trot try tug turn twirl twist twitch
bark choke clench clutch cock drool flail gawk grasp grip gush hop knock lick nap pant plop slam slap slide smack snap sneak snuffle stagger stomp stumble swallow wag walk watch wave whimper whisper whistle widen wiggle wince wink wipe wrap yawn
""")
_GERMAN_VERBS = word_set("""
atmet blickt blinzelt dreht erröte errötet erschrickt flüstert freut fällt gähnt gestikuliert grinst grübelt
hält hebt hüpft hustet jubelt kichert klatscht kneift kratzt kuschelt lächelt lacht legt lehnt lauscht macht
murmelt neigt nickt niest öffnet pfeift reibt reckt rollt runzelt schaut schließt schluchzt schmollt schmunzelt
schüttelt schweigt seufzt senkt setzt sieht singt springt stellt stöhnt strahlt streckt streichelt
summt tanzt tippt überlegt umarmt verbeugt verdreht verschränkt weint winkt wirft zeigt zieht zittert zuckt zwinkert
""")
_CJK_ACTIONS = re.compile(
    r"微笑|笑|大笑|皱眉|鞠躬|挥手|揮手|点头|點頭|歪头|叹气|眨眼|脸红|鞠躬|拥抱|思考|"
    r"手を振|うなず|頷|首を|お辞儀|照れ|ため息|ウインク|にこ|ニコ|미소|손을|고개"
)


def _third_person(verb: str) -> str:
    """Return the form with -s."""
    if re.search(r"(?:s|x|z|ch|sh)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def _participle(verb: str) -> str:
    """Return the form with -ing."""
    if verb == "lie":
        return "lying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    double = re.search(r"(?:^|[^aeiou])[aeiou][bgmnpt]$", verb) and len(verb) < 5
    return f"{verb}{verb[-1]}ing" if double else f"{verb}ing"


_DONE = (
    frozenset(form for verb in _VERBS for form in (_third_person(verb), _participle(verb)))
    | _GERMAN_VERBS
)
_BASE = _VERBS
_BODY = word_set(
    "arm arms body cheek cheeks chin ear ears eye eyes eyebrow eyebrows face finger fingers hand hands head"
    " heart hug kiss lips shoulder shoulders smile grin tail tear tears throat voice breath"
    " arme augen gesicht hand hände kopf lippen schultern stimme"
)
_WHO = word_set("i she he they it ich sie er es")
_SUBJECTS = word_set(
    "he she it who that this which what they never always really only just still also everybody everyone"
    " nobody er sie es wer das was nie immer wirklich nur noch auch man"
)
_EVERYDAY = word_set(
    "takes holds puts plays opens closes clears covers watches walks rests reaches pulls touches turns hides shows"
    " leaps runs stands sits lies listens looks steps stops sings tries rolls spins slides sleeps"
)
"""Verbs that are stressed in a sentence as often as they are done."""
_NO_VERB = word_set(
    "is was this his its as us yes always perhaps sometimes besides towards across unless less plus thanks has does"
    " plenty loads lots kids things people others ours yours theirs nothing anything something everything during morning"
    " evening king spring"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WORDS_NEEDED = 4
_ACTION_FEELING = 0.7
_CJK_LETTERS = 6


class Reading(StrEnum):
    """What text between single asterisks is."""

    ACTION = "action"
    SPOKEN = "spoken"
    UNSURE = "unsure"


def read(text: str, *, closed: bool, boundary: bool, word_before: str) -> Reading:
    """Return what the text between asterisks is, as soon as it can be known.

    `boundary`: it stands where a sentence could begin; `word_before`: the last spoken word there.
    Stress inside a sentence is spoken at once; only what may be a stage direction is waited for.
    """
    words = _WORD.findall(text if closed else re.sub(r"[\w'’-]*$", "", text))
    if closed and _CJK_ACTIONS.search(text):
        return Reading.ACTION
    likely = _likely(words, text, boundary=boundary, word_before=word_before, closed=closed)
    if closed:
        return Reading.ACTION if likely else Reading.SPOKEN
    return Reading.SPOKEN if len(words) >= _WORDS_NEEDED and not likely else Reading.UNSURE


def _likely(words: list[str], text: str, *, boundary: bool, word_before: str, closed: bool) -> bool:
    """Return whether these first words are those of a stage direction."""
    if not words:
        return False
    lower = [word.casefold() for word in words]
    if not boundary:
        lone = len(words) == 1 and lower[0] in _EVERYDAY
        return _leads_with_verb(lower) and not lone and word_before.casefold() not in _SUBJECTS
    if _leads_with_verb(lower) or (closed and len(words) == 1 and lower[0] in _BASE | {"hug"}):
        return True
    head = lower[:_WORDS_NEEDED]
    if any(word in _DONE for word in head) and len(words) > 1:
        return True
    if len(words) > 1 and lower[0] in _WHO and lower[1] in _BASE | {"lächle", "winke", "nicke"}:
        return True
    if len(words) < 2 or not text[:1].islower():
        return False
    told = lower[0].endswith(("s", "ing")) and not lower[0].endswith("ss")
    return (told and lower[0] not in _NO_VERB) or any(w in _BODY or w in _BASE for w in head)


def _leads_with_verb(lower: list[str]) -> bool:
    """Return whether a direction begins here: `waves`, `softly smiles`, `smiles softly`."""
    if lower[0] in _DONE:
        return True
    return len(lower) > 1 and lower[0].endswith("ly") and lower[1] in _DONE


def cues_of(text: str) -> tuple[CueName, ...]:
    """Return what a stage direction lets her do: at most one feeling, gesture or glance."""
    if not text.isascii() and (named := known(text.strip())):
        return (_softened(named),)
    words = [word.casefold() for word in _WORD.findall(text)][:_WORDS_NEEDED]
    for size in (3, 2):
        for start in range(len(words) - size + 1):
            if (found := read_tag(" ".join(words[start : start + size]))) and _plain(found[0]):
                return found
    for word in words:
        if word in _DONE | _BASE and (cue := known(word)):
            return (_softened(cue),)
    return ()


def _plain(cue: CueName) -> bool:
    """Return whether a phrase named the cue itself, a glance or a gesture of two words."""
    return cue.kind is not CueKind.EMOTION


def _softened(cue: CueName) -> CueName:
    """Return the cue as a stage direction means it."""
    intensity = _ACTION_FEELING if cue.kind is CueKind.EMOTION else 1.0
    return CueName(kind=cue.kind, name=cue.name, intensity=intensity)


def is_direction(text: str) -> bool:
    """Return whether a bracket of several words is a stage direction: `[laughs softly]`, `[clears throat]`."""
    lower = [word.casefold() for word in _WORD.findall(text)]
    if not 1 < len(lower) <= _WORDS_NEEDED or not text[:1].islower():
        return False
    # told to do: `[laugh softly]`; a base form may be anything else, so the rest must say how
    ordered = lower[0] in _BASE and all(word.endswith("ly") for word in lower[1:])
    if not (ordered or _leads_with_verb(lower)):
        return False
    return bool(cues_of(text)) or any(word in _BODY or word.endswith("ly") for word in lower)


def may_lead(text: str) -> bool:
    """Return whether a bracket that begins so may still become a stage direction."""
    if _CJK_ACTIONS.search(text) or re.match(r"[\u2e80-\u9fff]", text):
        return len(text) <= _CJK_LETTERS
    complete = [word.casefold() for word in _WORD.findall(re.sub(r"[\w'’-]*$", "", text))]
    if not complete:
        return True
    return _leads_with_verb(complete) or (len(complete) == 1 and complete[0].endswith("ly"))


def is_bracket_direction(text: str, *, alone: bool) -> bool:
    """Return whether round brackets hold a stage direction: `(laughs)`, `(smiles softly)`, `（笑）`.

    `alone`: they stand where a sentence could begin. Inside of one only a single verb counts.
    """
    if _CJK_ACTIONS.search(text) and len(text) <= _CJK_LETTERS:
        return True
    lower = [word.casefold() for word in _WORD.findall(text)]
    if not 0 < len(lower) <= _WORDS_NEEDED + 1:
        return False
    if len(lower) == 1:
        # a participle in the middle of a sentence is a word of it: "his hobby (dancing) is …"
        done = (
            lower[0] in _DONE
            and lower[0] not in _EVERYDAY
            and (alone or not lower[0].endswith("ing"))
        )
        return done or (alone and lower[0] in _BASE and bool(known(lower[0])))
    return (
        alone
        and text[:1].islower()
        and _leads_with_verb(lower)
        and bool(cues_of(text) or any(word in _BODY or word.endswith("ly") for word in lower))
    )


def cues_of_bracket(text: str) -> tuple[CueName, ...]:
    """Return what a stage direction in round brackets lets her do."""
    if re.search(r"笑|にこ|ニコ|미소", text):
        return (CueName(kind=CueKind.EMOTION, name="happy", intensity=_ACTION_FEELING),)
    return cues_of(text)
