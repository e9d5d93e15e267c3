"""Faces made of letters and marks: `:)`, `(^_^)`, `:smile:`. Shown and felt, never read aloud."""

from collections.abc import Mapping
import re

from .cues import MAX_TAG, CueKind, CueName, known
from .spans import WAIT, Match, Place, Span

_FELT_INTENSITY = 0.6
"""As much as a picture says."""
_FEELINGS = {
    "happy": ":) :-) =) (: :] ^^ ^_^ ^-^ ^.^",
    "amused": ";) ;-) :P :-P :p ;P",
    "excited": ":D :-D =D",
    "sad": ":( :-( =( :'( :’( :[",
    "surprised": ":o :O :-o :-O",
    "love": ":* :-* <3",
    "annoyed": ":/ :-/ :| :-|",
}
_FACES: Mapping[str, CueName] = {
    face: CueName(kind=CueKind.EMOTION, name=name, intensity=_FELT_INTENSITY)
    for name, faces in _FEELINGS.items()
    for face in faces.split()
}
_LONGEST = max(map(len, _FACES))
_AFTER_FACE = frozenset(' \t\n.,!?…)]"”»*_')
_SHORTCODE = re.compile(r":([a-z][a-z0-9_+-]{1,22}):")
_SHORTCODES = {
    "joy": "happy", "smiley": "happy", "laughing": "happy", "tada": "happy", "heart_eyes": "love",
    "blue_heart": "love", "cry": "sad", "pensive": "sad", "rage": "angry", "sunglasses": "amused",
    "thumbsup": "nod", "clap": "clap", "thinking_face": "think", "sweat_smile": "shy", "fire": "excited",
    "open_mouth": "surprised", "zzz": "sleepy", "wave": "wave", "pray": "bow",
}  # fmt: skip
_SHRUG = re.compile(r"¯[\\_]{0,4}\([^()\n]{1,3}\)[\\_]{0,3}/[\\_]{0,2}¯")
_SHRUG_LETTERS = 18
_FACE_MARKS = frozenset("^_<>;~*°•◕‿ω▽□д´`｡・ᴗ﹏╯╰ಠ✧๑￣▔≧≦⌒︶◡ᵕ•̀•́¬・-=")
_EYES = re.compile(r"([^\W\d])_\1|[oO]_[oO]")
_MAX_KAOMOJI = 16
RAISED_ARMS = "ヽ╰╭٩ლᕕ"
"""What stands before a face and belongs to it."""
_ARMS = re.compile(r"[╯╮ノﾉ۶ლᕗ彡]{0,2}(?: ?︵ ?[┻━┳┬─]{2,4})?")
_ARMS_BEGUN = re.compile(r"[╯╮ノﾉ۶ლᕗ彡]{0,2}(?: ?(?:︵ ?[┻━┳┬─]{0,3})?)?")


def emoticon(held: str, place: Place, final: bool) -> Match:
    """Match a face of a few marks that stands alone, or a picture by its name."""
    if place.before.strip() and place.before not in '(*_"“':
        return None
    begun = [face for face in _FACES if face.startswith(held)]
    if begun and len(held) <= _LONGEST and not final:
        return WAIT
    for length in range(min(len(held), _LONGEST), 1, -1):
        after = held[length : length + 1]
        if held[:length] in _FACES and (not after or after in _AFTER_FACE):
            return Span(length=length, display=held[:length], cues=(_FACES[held[:length]],))
    return _shortcode(held, final) if held[0] == ":" else None


def _shortcode(held: str, final: bool) -> Match:
    """Match a picture by its name; a name that nobody knows is text."""
    match = _SHORTCODE.match(held)
    if match is None:
        begun = re.fullmatch(r":(?:[a-z][a-z0-9_+-]{0,22})?", held)
        return WAIT if begun and not final else None
    name = match[1]
    found = known(_SHORTCODES.get(name, name.partition("_")[0]))
    if found is None:
        return None
    cue = CueName(kind=found.kind, name=found.name, intensity=_felt(found))
    return Span(length=match.end(), display=match[0], cues=(cue,))


def shrug(held: str, place: Place, final: bool) -> Match:
    """Match the shrug with its raised arms."""
    if match := _SHRUG.match(held):
        cue = CueName(kind=CueKind.GESTURE, name="shrug")
        return Span(length=match.end(), display=match[0], cues=(cue,))
    return None if final or "\n" in held or len(held) > _SHRUG_LETTERS else WAIT


def raised_arm(held: str, place: Place, final: bool) -> Match:
    """Match the arm before a face, `ヽ(`."""
    if len(held) == 1 and not final:
        return WAIT
    return Span(length=1, display=held[0]) if held[1:2] in {"(", "（"} else None


def arms_behind(rest: str, final: bool) -> int | None:
    """Return how many characters behind a face belong to it, `None` when more has to come first."""
    if not final and _ARMS_BEGUN.fullmatch(rest):
        return None
    match = _ARMS.match(rest)
    return match.end() if match else 0


def is_kaomoji(content: str) -> bool:
    """Return whether what stands in round brackets is a face: marks, and at most single letters."""
    if not 2 <= len(content) <= _MAX_KAOMOJI or re.search(r"\d|[A-Za-z]{2}", content):
        return False
    if _EYES.fullmatch(content.strip()):
        return True
    marks = sum(char in _FACE_MARKS for char in content)
    words = re.findall(r"[^\W\d_]{2,}", content)
    return (
        marks >= 2 and not words and content not in {"->", "<-", "=>", "<=", ">=", "<>", "--", "=="}
    )


def _felt(cue: CueName) -> float:
    """Return how strong a picture is."""
    return _FELT_INTENSITY if cue.kind is CueKind.EMOTION else 1.0


def tag_in_braces(held: str, place: Place, final: bool) -> Match:
    """Match a feeling in curly braces, `{happy}`: anything else in them is text."""
    end = held.find("}")
    if end < 0:
        over = final or len(held) > MAX_TAG or not re.fullmatch(r"\{[\w :.,%-]*", held)
        return None if over else WAIT
    name, _, amount = held[1:end].partition(":")
    found = known(name) if re.fullmatch(r"\w{3,}", name) else None
    if (
        found is None
        or found.kind is not CueKind.EMOTION
        or (place.before.strip() and place.before not in ".!?…")
    ):
        return None
    strength = float(amount) if re.fullmatch(r"0?\.\d+|0|1(?:\.0)?", amount) else 1.0
    cue = CueName(kind=found.kind, name=found.name, intensity=strength)
    return Span(length=end + 1, cues=(cue,))
