"""Markup inside a line: stress, stage directions, code, escapes and addresses."""

import html
import re
import string

from . import actions
from .cues import MAX_TAG, read_tag
from .spans import WAIT, Match, Place, Span, drop_mark, literal, run_of

_MAX_RUN = 20
_MAX_CODE = 120
_MAX_URL = 2000
_URL_STARTS = ("https://", "http://", "www.")
_URL = re.compile(r"(?:https?://|www\.)[!#-;=?-Z_a-z~@%\[\]]*", re.IGNORECASE)
_URL_TAIL = ".,;:!?*_~'`"
_ENTITY = re.compile(r"&#?\w{0,8}")


def stress(held: str, place: Place, final: bool) -> Match:
    """Match asterisks or underscores: bold, stress or a stage direction."""
    run = run_of(held)
    if run == len(held) and run <= _MAX_RUN and not final:
        return WAIT
    if held[run : run + 1] == "[" and (around := _around_tag(held, run, final)) is not None:
        return around
    before, after = place.before, held[run : run + 1]
    if _is_literal(held[0], run, before, after):
        return literal(run, held)
    if run > 1:
        return drop_mark(run, held)
    opens = bool(after) and not after.isspace()
    if place.stressed and before.strip():
        return drop_mark(1, held, stress=False)
    if not opens:
        return drop_mark(1, held, stress=False)
    return _direction(held, place, final)


def _around_tag(held: str, run: int, final: bool) -> Match:
    """Match marks around nothing but a tag, `**[happy]**`: they go with it."""
    whole = re.match(
        rf"{re.escape(held[:run])}\[([^\[\]\n]{{1,{MAX_TAG}}})\]{re.escape(held[:run])}", held
    )
    if whole:
        cues = read_tag(whole[1])
        unknown = whole[1] if re.fullmatch(r"[^\W\d_][\w'’-]+", whole[1]) else None
        return Span(length=whole.end(), cues=cues, unknown=unknown) if cues or unknown else None
    if final or len(held) > 2 * run + MAX_TAG + 2:
        return None
    begun = re.fullmatch(r"\[[^\[\]\n]*(?:\](.*))?", held[run:])
    ends = begun is not None and held[:run].startswith(begun[1] or "")
    return WAIT if ends else None


def _is_literal(mark: str, run: int, before: str, after: str) -> bool:
    """Return whether the marks are text: `2 * 3`, `2**3`, `light_kitchen`."""
    if mark == "_":
        return (before.isalnum() and after.isalnum()) or not (before.strip() or after.strip())
    spaced = run == 1 and not before.strip() and not after.strip()
    return spaced or (before.isdigit() and after.isdigit())


def _direction(held: str, place: Place, final: bool) -> Match:
    """Match what stands between two single marks, or only its opening mark when it is spoken."""
    end = _closing(held, final)
    if end is None:
        return WAIT
    closed = end > 0
    over = final or "\n" in held or len(held) > actions.MAX_ACTION
    reading = actions.read(
        held[1:end] if closed else held[1:].partition("\n")[0],
        closed=closed,
        boundary=place.boundary and not place.before.isalnum(),
        word_before=place.word_before,
    )
    if closed and reading is actions.Reading.ACTION and not held[1].isdigit():
        return Span(length=end + 1, action=held[1:end], mark=held[0])
    if not (closed or over or reading is actions.Reading.SPOKEN):
        return WAIT
    if _is_product(held[1:end] if closed else held[1:], place, closed=closed):
        return literal(1, held)
    return drop_mark(1, held, stress=True)


def _is_product(content: str, place: Place, *, closed: bool) -> bool:
    """Return whether the mark multiplies, `x*y*z`: stress in a word ends in it, behind a syllable."""
    if not (place.before.isascii() and place.before.isalnum() and content[:1].isalnum()):
        return False
    return not closed or len(content) == 1 or len(content.split()) > 1


def _closing(held: str, final: bool) -> int | None:
    """Return the index of the closing mark, 0 when there is none yet, `None` when the next character decides."""
    mark, index = held[0], 1
    line_end = held.find("\n")
    limit = len(held) if line_end < 0 else line_end
    while (index := held.find(mark, index, limit)) > 0:
        run = run_of(held[index:])
        if run == 1 and index + 1 == len(held) and not final:
            return None
        if run == 1 and index > 1 and not held[index - 1].isspace():
            return index
        index += run
    return 0


def code(held: str, place: Place, final: bool) -> Match:
    """Match a code fence, or code inside a line, whose content is spoken as it stands."""
    run = run_of(held)
    if run == len(held) and run <= _MAX_RUN and not final:
        return WAIT
    if run >= 3:
        return Span(length=run, display=held[:run], fence=held[:run])
    if run == 1 and place.before.isalnum() and held[1:2].isalnum():
        return literal(1, held)
    end = held.find(held[:run], run)
    line_end = held.find("\n")
    if end > 0 and (line_end < 0 or end < line_end):
        return Span(length=end + run, display=held[: end + run], speech=held[run:end].strip())
    if final or line_end >= 0 or len(held) > _MAX_CODE:
        return drop_mark(run, held)
    return WAIT


def strike(held: str, place: Place, final: bool) -> Match:
    """Match `~~` of text struck out, or a fence of tildes."""
    run = run_of(held)
    if run == len(held) and run <= _MAX_RUN and not final:
        return WAIT
    if run >= 3 and place.line_start:
        return Span(length=run, display=held[:run], fence=held[:run])
    return drop_mark(run, held) if run == 2 else None


def escape(held: str, place: Place, final: bool) -> Match:
    """Match a backslash that takes its meaning from the next character."""
    if len(held) == 1:
        return None if final else WAIT
    if held[1] in string.punctuation:
        return Span(length=2, display=held[:2], speech=held[1])
    return drop_mark(1, held) if held[1] == "\n" else None


def entity(held: str, place: Place, final: bool) -> Match:
    """Match a character written as HTML does, `&amp;`."""
    match = _ENTITY.match(held)
    if match and match.end() == len(held) and len(held) < 10 and not final:
        return WAIT
    end = match.end() if match else 0
    char = html.unescape(held[: end + 1]) if held[end : end + 1] == ";" else ""
    if len(char) != 1:
        return None
    return Span(length=end + 1, display=char, speech=" " if char == "\xa0" else char)


def address(held: str, place: Place, final: bool) -> Match:
    """Match a bare web address: shown, not spoken."""
    if place.before.isascii() and (place.before.isalnum() or place.before in {"/", "@"}):
        return None
    lower = held.lower()
    if not any(lower.startswith(start) or start.startswith(lower) for start in _URL_STARTS):
        return None
    match = _URL.match(held)
    if not match:
        return None if final or any(lower.startswith(s) for s in _URL_STARTS) else WAIT
    if match.end() == len(held) and not final and len(held) < _MAX_URL:
        return WAIT
    url = _without_tail(match[0])
    if url.lower() in _URL_STARTS:
        return None
    return Span(length=len(url), display=url)


def _without_tail(url: str) -> str:
    """Return an address without the punctuation of the sentence around it."""
    depth = 0
    for index, char in enumerate(url):
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(char, 0)
        if depth < 0:
            url = url[:index]
            break
    return url.rstrip(_URL_TAIL)
