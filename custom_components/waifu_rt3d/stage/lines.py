"""Markup that marks a line: headings, lists, quotations, rules and tables."""

import re

from .inline import stress
from .spans import WAIT, Match, Place, Span, drop_mark, run_of

_MAX_SEPARATOR = 200
_MAX_RULE = 80
_SEPARATOR = re.compile(r"[|:\- \t]*")
_TASK = re.compile(r"\[[ xX]\][ \t]")
_BLANK = " \t"


def heading(held: str, place: Place, final: bool) -> Match:
    """Match the number signs of a heading."""
    if not place.line_start:
        return None
    run = run_of(held)
    if run == len(held) and run <= 6 and not final:
        return WAIT
    if run > 6 or (held[run:] and held[run] not in " \t\n"):
        return None
    return drop_mark(run + (held[run : run + 1] in {" ", "\t"}), held, line_mark=True)


def quotation(held: str, place: Place, final: bool) -> Match:
    """Match the mark of a quoted line."""
    if not place.line_start:
        return None
    if len(held) == 1 and not final:
        return WAIT
    after = held[1:2]
    if after.isdigit() or after == "=":
        return None
    return drop_mark(1 + (after in {" ", "\t"}), held, line_mark=True)


def item(held: str, place: Place, final: bool) -> Match:
    """Match the mark of a list item, with its task box, or a rule across the page."""
    if not place.line_start:
        return None
    run = run_of(held)
    if run == len(held) and run <= _MAX_RULE and not final:
        return WAIT
    after = held[run : run + 1]
    if after in {"", "\n"} and (run >= 3 or held[0] in "*-+"):
        return Span(length=run, display=held[:run], line_mark=True)
    if run > 1 or held[0] not in "*-+" or after not in _BLANK:
        return None
    return _task(held, final)


def _task(held: str, final: bool) -> Match:
    """Match the mark of an item together with its task box."""
    rest = held[2:6]
    if not final and (not rest or (len(rest) < 4 and "[ ] [x] [X] ".find(rest) % 4 == 0)):
        return WAIT
    return drop_mark(2 + (4 if _TASK.match(rest) else 0), held, line_mark=True)


def star(held: str, place: Place, final: bool) -> Match:
    """Match what begins with asterisks or underscores."""
    found = item(held, place, final)
    return stress(held, place, final) if found is None else found


def cell(held: str, place: Place, final: bool) -> Match:
    """Match the bars of a table; the row under its head is not spoken."""
    if place.row:
        return Span(length=1, display="|", speech="", pause=True)
    if not place.line_start:
        return None
    match = _SEPARATOR.match(held)
    end = match.end() if match else 0
    if end == len(held) and not final and len(held) < _MAX_SEPARATOR:
        return WAIT
    ended = end == len(held) or held[end] == "\n"
    if ended and "-" in held[:end]:
        return Span(length=end, display=held[:end])
    return Span(length=1, display="|", speech="", row=True)
