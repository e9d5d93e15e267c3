"""Round brackets: stage directions, `(laughs)`, and faces are not read aloud; all else is text."""

import re

from . import actions
from .faces import arms_behind, is_kaomoji
from .spans import WAIT, Match, Place, Span

_CLOSING = {"(": ")）", "（": "）)"}
_MAX_DIRECTION = 40
_PLAIN_WORDS = re.compile(r"[^\W\d_]+(?:[ '’-]+[^\W\d_]+)*[.!…~]*", re.UNICODE)


def round_bracket(held: str, place: Place, final: bool) -> Match:
    """Match a stage direction or a face in round brackets."""
    end = min((at for mark in _CLOSING[held[0]] if (at := held.find(mark, 1)) > 0), default=0)
    content = held[1:end] if end else held[1:]
    if not end:
        over = final or "\n" in content or len(content) > _MAX_DIRECTION
        return None if over or not _may_become(content, place) else WAIT
    if is_kaomoji(content):
        arms = arms_behind(held[end + 1 :], final)
        total = end + 1 + (arms or 0)
        return WAIT if arms is None else Span(length=total, display=held[:total])
    if not _is_direction(content, place):
        return None
    return Span(length=end + 1, display=held[: end + 1], cues=actions.cues_of_bracket(content))


def _may_become(content: str, place: Place) -> bool:
    """Return whether a bracket that is still open may be one of these, so that little is held up."""
    if not content or not re.search(r"[^\W_]{2}", content):
        return len(content) <= _MAX_DIRECTION // 2
    return bool(_PLAIN_WORDS.fullmatch(content.rstrip())) and actions.may_lead(content)


def _is_direction(content: str, place: Place) -> bool:
    """Return whether a bracket tells what she does."""
    if not _PLAIN_WORDS.fullmatch(content.strip()):
        return False
    return actions.is_bracket_direction(
        content, alone=place.boundary and not place.before.isalnum()
    )
