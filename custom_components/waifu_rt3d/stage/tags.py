"""Markup in brackets: cue tags, links, control tokens, thinking blocks and stray HTML."""

import json
import re

from . import actions
from .cues import MAX_TAG, CueKind, CueName, begins_tag, is_listed, read_tag, word_set
from .emoji import is_picture, meaning
from .spans import WAIT, Match, Place, Span

_MAX_LINK_TEXT = 160
_MAX_CONTROL = 300
_LINK = re.compile(
    r"\(<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
_LINK_SO_FAR = re.compile(r"\([^\s]{0,2000}(?:\s+(?:\"[^\"\n]*\"?|'[^'\n]*'?)?)?\s*")
_URLISH = re.compile(r"[:/.#@]")
_UNKNOWN = re.compile(r"\s*/?[^\W\d_][\w'’-]+(?:\s*[:=]\s*[\w.%-]+)?\s*[!?.~]*\s*")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff]")
_PRESETS = frozenset({"happy", "angry", "sad", "relaxed", "surprised", "neutral"})
_FIRST_WORD = re.compile(r"\s*([\w:.\-]+)(?=[\s!,.?])")
_BADGE = re.compile(r"\[!\[([^\[\]\n]*)\]\([^()\n]*\)\]\([^()\n]*\)")
_BADGE_BEGUN = re.compile(
    r"\[!(?:\[[^\[\]\n]*(?:\](?:\([^()\n]*(?:\)(?:\](?:\([^()\n]*)?)?)?)?)?)?"
)
_MAX_BADGE = 600
_NAME = re.compile(r"</?([A-Za-z][\w:.-]{0,40})")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*[\"']?([^\"'>/]+?)[\"'/]?(?=\s|>|/|$)")
_EMOTICON = re.compile(r"\s[:;=]'?-?[()DPp]+")
_AMOUNTS = ("intensity", "strength", "level", "weight")
_HIDDEN = word_set(
    "think thinking thought thoughts reasoning reflection scratchpad analysis reason inner_monologue"
)
_SECRET = word_set(
    "tool_call tool_calls function_call function_calls tool_response tools style script"
)
_ELEMENTS = word_set(
    "a audio b big blockquote br break center code del details div em emphasis font h1 h2 h3 h4 h5 h6 hr html i"
    " img ins kbd li mark ol p phoneme pre prosody s say-as small span speak strong sub summary sup table tbody td"
    " th thead tr tt u ul voice answer response reply output final message s p"
)
_KINDS = word_set("emotion mood expression gesture motion action gaze look feeling face")
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)[^<\n]{0,60}<\|message\|>")
_ACT = re.compile(r"\s*(?:ACT|EMOTE)\b[:\s]*", re.IGNORECASE)
_COMMAND = re.compile(r"\s*(?:ACT|EMOTE|DELAY|CALL)\b|\s*[\[{]", re.IGNORECASE)


def bracket(held: str, place: Place, final: bool) -> Match:
    """Match a cue tag, a link, or a word in brackets that no voice should read."""
    if held.startswith("[!") and (badge := _badge(held, final)) is not None:
        return badge
    doubled = 2 if held.startswith("[[") else 1
    end = held.find("]", doubled)
    broken = _broken(held, doubled, end)
    if len(held) == 1 or (end < 0 and not broken):
        return _unclosed(held, final=True) if final else WAIT
    if end < 0 or 0 < broken < end:
        return _unclosed(held[:broken], final=False)
    return _closed(held, end, place, final)


def _badge(held: str, final: bool) -> Match:
    """Match a picture that is a link, `[![alt](picture)](page)`: what it shows is spoken."""
    if match := _BADGE.match(held):
        return Span(length=match.end(), display=match[0], inner=match[1])
    begun = not final and len(held) <= _MAX_BADGE and _BADGE_BEGUN.fullmatch(held)
    return WAIT if begun else None


def _broken(held: str, doubled: int, end: int) -> int:
    """Return where the bracket can't go on: a line break, another bracket or too much text; 0 when it can."""
    stops = [held.find("\n", 1), held.find("[", doubled)]
    found = [stop for stop in stops if stop > 0]
    if end < 0 and len(held) > _MAX_LINK_TEXT:
        found.append(_MAX_LINK_TEXT)
    return min(found, default=0)


def _unclosed(text: str, *, final: bool) -> Match:
    """Match a tag whose end never came: its cue is kept, its words are text."""
    content = text[1:]
    if (
        final
        and len(content) <= MAX_TAG
        and not re.search(r"\s\S", content)
        and begins_tag(content)
    ):
        whole = tuple(cue for cue in read_tag(content) if is_listed(cue))
        return Span(length=len(text), cues=whole)
    match = _FIRST_WORD.match(f"{content} ")
    if match and (match[1].lower() in _PRESETS or ":" in match[1]):
        if cues := read_tag(match[1]):
            return Span(length=1 + match.end(), cues=cues)
    return None


def _closed(held: str, end: int, place: Place, final: bool) -> Match:
    """Match brackets that are closed at an index."""
    if held.startswith("[[") and held[end : end + 2] == "]" and not final:
        return WAIT
    doubled = held.startswith("[[") and held[end : end + 2] == "]]"
    content, length = held[1 + doubled : end], end + 1 + doubled
    link = None if doubled else _link(held, content, length, final)
    return _tag(content, length, held, place) if link is None else link


def _link(held: str, content: str, length: int, final: bool) -> Match:
    """Match the address behind the text of a link: the text is spoken, the address is not."""
    rest = held[length:]
    if not rest:
        return None if final else WAIT
    if rest[0] != "(":
        return None
    is_tag = bool(_cues(content)) or _UNKNOWN.fullmatch(content) is not None
    match = _LINK.match(rest)
    if match and (_URLISH.search(match[1]) or not is_tag):
        total = length + match.end()
        return Span(length=total, display=held[:total], inner=content)
    so_far = _LINK_SO_FAR.fullmatch(rest)
    if match or not so_far:
        return None
    if not final:
        return WAIT
    if is_tag and not _URLISH.search(rest):
        return None
    return Span(length=len(held), display=held, inner=content)


def _tag(content: str, length: int, held: str, place: Place) -> Match:
    """Match the content of a closed bracket."""
    if content == "THINK":
        return Span(length=length, hide_until="[/THINK]")
    if re.fullmatch(r"\^\w+", content):
        note = _with_colon(length, held, place)
        return Span(length=note, display=held[:note])
    closing = content.lstrip().startswith("/")
    if cues := _cues(content):
        return Span(length=_with_colon(length, held, place), cues=() if closing else cues)
    if actions.is_direction(content):
        return Span(length=length, cues=actions.cues_of(content))
    attached = place.before.isalnum()
    if not _UNKNOWN.fullmatch(content) or _CJK.search(content) or attached:
        return None
    return Span(length=_with_colon(length, held, place), unknown=content.strip())


def _cues(content: str) -> tuple[CueName, ...]:
    """Return the cues of a tag, also of one with a picture in it: `[happy 😊]`, `[😊]`."""
    words = _EMOTICON.sub("", "".join(char for char in content if not is_picture(char)))
    felt = tuple(cue for char in content if (cue := meaning(char)))
    if felt and not words.strip():
        return felt
    return read_tag(words.lstrip("["))


def _with_colon(length: int, held: str, place: Place) -> int:
    """Return the length of a tag with what models write too much: `[happy]: Hello`, `[happy]]`."""
    if held[length : length + 1] == "]" or (held[length : length + 1] == ":" and place.line_start):
        return length + 1
    return length


def wide_bracket(held: str, place: Place, final: bool) -> Match:
    """Match a tag in the brackets of Chinese and Japanese; anything but a cue is a heading there."""
    end = held.find("】" if held[0] == "【" else "］")
    if end < 0:
        return None if final or len(held) > MAX_TAG or "\n" in held else WAIT
    cues = read_tag(held[1:end])
    return Span(length=end + 1, cues=cues) if cues else None


def image(held: str, place: Place, final: bool) -> Match:
    """Match an image: its description is spoken."""
    if place.before.strip() or (len(held) > 1 and held[1] != "["):
        return None
    if len(held) == 1:
        return None if final else WAIT
    found = bracket(held[1:], place, final)
    if not isinstance(found, Span):
        return found
    if found.inner is None:
        return None
    return Span(length=found.length + 1, display=held[: found.length + 1], inner=found.inner)


def angle(held: str, place: Place, final: bool) -> Match:
    """Match what begins with a less-than sign."""
    if len(held) == 1:
        return None if final else WAIT
    if held[1] == "3":
        return _heart(held, final)
    if held[1] in "|｜":
        return _control(held, final)
    if re.fullmatch(r"<h?t?t?p?s?:?/?/?", held) and not final:
        return WAIT
    if held[1:5] == "http":
        return _angle_address(held, place, final)
    if held.startswith("<!--"):
        return Span(length=4, hide_until="-->")
    match = _NAME.match(held)
    if match:
        return _element(held, match, final)
    return WAIT if held in {"</", "<!", "<!-"} and not final else None


def _heart(held: str, final: bool) -> Match:
    """Match a heart, `<3`, which ends a sentence; before a word it is a number."""
    if len(held) == 2 and not final:
        return WAIT
    if held[2:3] not in {"", "\n", ".", "!", "?"}:
        return None
    love = CueName(kind=CueKind.EMOTION, name="love", intensity=0.6)
    return Span(length=2, display="<3", cues=(love,))


def _angle_address(held: str, place: Place, final: bool) -> Match:
    """Match an address in angle brackets."""
    end = held.find(">")
    if end > 0 and not re.search(r"\s", held[:end]):
        return Span(length=end + 1, display=held[: end + 1])
    if re.search(r"\s", held) or final:
        return None
    return WAIT


def _control(held: str, final: bool) -> Match:
    """Match a control token, `<|happy|>`, or a block of a channel that is not for the listener."""
    bar = held[1]
    end = held.find(f"{bar}>", 2)
    if end < 0 or "\n" in held[:end]:
        over = final or "\n" in held or len(held) > _MAX_CONTROL
        return _unclosed_control(held, final) if over else WAIT
    content = held[2:end]
    if content == "channel":
        return _channel(held, end, final)
    if content == "start":
        return _start(held, end, final)
    if _COMMAND.match(content):
        return Span(length=end + 2, cues=_act(content))
    if cues := read_tag(re.sub(r"^(?:emote|emotion)[_ ]", "", content, flags=re.IGNORECASE)):
        return Span(length=end + 2, cues=cues)
    if len(content.split()) > 1:
        return Span(length=end + 2, display=content, inner=content)
    return Span(length=end + 2, unknown=content)


def _unclosed_control(held: str, final: bool) -> Match:
    """Match a control token whose end never came: only its mark goes."""
    content = held[2:].partition("\n")[0]
    if final and "\n" not in held and (_COMMAND.match(content) or not re.search(r"\s\S", content)):
        return Span(length=len(held), cues=read_tag(content.rstrip("|｜")))
    match = _FIRST_WORD.match(f"{content} ")
    cues = read_tag(match[1]) if match else ()
    return Span(length=2 + match.end(), cues=cues) if match and cues else Span(length=2)


def _channel(held: str, end: int, final: bool) -> Match:
    """Match a channel's head; all channels but the final one are thinking."""
    match = _CHANNEL.match(held)
    if match is None:
        over = final or len(held) > end + 90 or "\n" in held
        return Span(length=end + 2) if over else WAIT
    if match[1] == "final":
        return Span(length=match.end())
    return Span(length=match.end(), hide_until="<|end|>", secret=True)


def _start(held: str, end: int, final: bool) -> Match:
    """Match the head of a message with the role behind it."""
    match = re.compile(r"\w*").match(held, end + 2)
    role_end = match.end() if match else end + 2
    return WAIT if role_end == len(held) and not final else Span(length=role_end)


def _act(content: str) -> tuple[CueName, ...]:
    """Return the cues of a command with JSON: `ACT {"emotion": {"name": "happy", "intensity": 1}}`."""
    body = _ACT.sub("", content, count=1)
    try:
        act = json.loads(body)
    except ValueError:
        return read_tag(body)
    if not isinstance(act, dict):
        return ()
    emotion = act.get("emotion")
    if isinstance(emotion, dict):
        emotion = f"{emotion.get('name', '')}:{emotion.get('intensity', 1)}"
    gesture = act.get("motion") or act.get("gesture")
    tags = [f"{CueKind.EMOTION}:{emotion}", f"{CueKind.GESTURE}:{gesture}"]
    wanted = [tag for tag, value in zip(tags, (emotion, gesture), strict=True) if value]
    return tuple(cue for tag in wanted for cue in read_tag(tag))


def _element(held: str, match: re.Match[str], final: bool) -> Match:
    """Match an element: a thinking block, a cue, or HTML and SSML that nobody asked for."""
    name, closing = match[1].lower(), held[1] == "/"
    end = held.find(">")
    head = held[match.end() : end if end >= 0 else len(held)]
    known = name in _HIDDEN | _SECRET | _ELEMENTS | _KINDS
    if "\n" in head or "<" in head or len(head) > 200 or (head.strip(" /") and not known):
        return None
    if end < 0:
        if not final:
            return WAIT
        return Span(length=len(held)) if _begins_hidden(name) and len(name) > 1 else None
    if not closing and name in _KINDS:
        return _kind_element(held, name, head, end, final)
    return _whole_element(name, closing, end + 1)


def _whole_element(name: str, closing: bool, length: int) -> Match:
    """Match an element whose tag is complete."""
    if name in _HIDDEN | _SECRET and not closing:
        return Span(length=length, hide_until=f"</{name}>", secret=name in _SECRET)
    if name == "br":
        return Span(length=length, display="\n", speech="\n")
    if name in _HIDDEN | _SECRET | _ELEMENTS | _KINDS:
        return Span(length=length)
    cues = read_tag(name)
    return Span(length=length, cues=() if closing else cues, unknown=None if cues else name)


def _kind_element(held: str, name: str, head: str, end: int, final: bool) -> Match:
    """Match `<emotion>happy</emotion>` or `<emotion name="happy"/>`."""
    attributes = dict(_ATTRIBUTE.findall(head))
    if attributes:
        amount = next((attributes.pop(key) for key in _AMOUNTS if key in attributes), "1")
        value = next(iter(attributes.values()), "")
        return Span(length=end + 1, cues=read_tag(f"{name}:{value}:{amount}"))
    close = f"</{name}>"
    found = held.lower().find(close, end)
    if found > 0 and found - end <= MAX_TAG:
        return Span(length=found + len(close), cues=read_tag(f"{name}:{held[end + 1 : found]}"))
    if final or len(held) > end + MAX_TAG + len(close) or "\n" in held:
        return Span(length=end + 1)
    return WAIT


def _begins_hidden(name: str) -> bool:
    """Return whether an element that was cut off here could be a thinking block."""
    return any(word.startswith(name) for word in _HIDDEN | _SECRET)
