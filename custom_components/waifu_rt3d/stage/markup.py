"""A model's words, read one character at a time: what is shown, what is spoken, and the cues between.

Plain text goes through at once. Only what may be markup is held, for a bounded number of characters,
until it is known what it is; so any cutting of the same text gives the same result.
"""

from collections import Counter
from dataclasses import dataclass
import re

from . import actions, faces, inline, lines, rounds, tags
from .cues import Cue, CueName
from .emoji import is_joiner, is_picture, meaning
from .spacing import Track
from .spans import Matcher, Place, Span, Undecided
from .surrogates import Joiner

_MATCHERS: dict[str, tuple[Matcher, ...]] = {
    "[": (tags.bracket,),
    "【": (tags.wide_bracket,),
    "［": (tags.wide_bracket,),
    "(": (faces.emoticon, rounds.round_bracket),
    "（": (rounds.round_bracket,),
    "{": (faces.tag_in_braces,),
    ":": (faces.emoticon,),
    ";": (faces.emoticon,),
    "^": (faces.emoticon,),
    "¯": (faces.shrug,),
    "<": (tags.angle,),
    "!": (tags.image,),
    "*": (lines.star,),
    "_": (lines.star,),
    "-": (lines.item,),
    "+": (lines.item,),
    "=": (lines.item, faces.emoticon),
    "#": (lines.heading,),
    ">": (lines.quotation,),
    "|": (lines.cell,),
    "`": (inline.code,),
    "~": (inline.strike,),
    "\\": (inline.escape,),
    "&": (inline.entity,),
    **dict.fromkeys("hHwW", (inline.address,)),
    **dict.fromkeys(faces.RAISED_ARMS, (faces.raised_arm,)),
}
_SENTENCE_END = frozenset('.!?…。！？"”’»)~—–')
_LAST_WORD = re.compile(r"[^\W\d_]+ *$")
_TAIL = 32
"""How much of the speech is remembered to find the word before a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What came out for the text that went in."""

    display: str
    speech: str
    cues: tuple[Cue, ...]


class MarkupParser:
    """Splits a reply into display text, speech text and cues."""

    def __init__(self, offset: int = 0) -> None:
        """Start; cues count from this offset in the speech text (code points)."""
        self._joiner = Joiner()
        self.unknown: Counter[str] = Counter()
        """Tags that nobody knows, and how often they came."""
        self._display = Track(tidy=False)
        self._speech = Track(offset=offset, tidy=True)
        self._tail = ""
        self._held = ""
        self._before = ""
        self._line_start = True
        self._row = False
        self._stressed = False
        self._taken_out = False
        """The last thing before this place was a tag or a stage direction."""
        self._fence: str | None = None
        self._fence_run = 0
        self._hidden: Span | None = None
        self._hidden_text = ""
        self._waiting: list[CueName] = []
        self._cues: list[Cue] = []

    def feed(self, text: str) -> Piece:
        """Take the next text, cut anywhere, and return what is certain by now."""
        for char in self._joiner.feed(text):
            self._held += char
            self._advance(final=False)
        return self._take()

    def finish(self) -> Piece:
        """Return the rest: the text is complete."""
        self._held += self._joiner.finish()
        self._advance(final=True)
        while self._hidden is not None:
            self._release()
            self._advance(final=True)
        self._settle(self._speech.length)
        return self._take()

    def _take(self) -> Piece:
        """Return what was written since the last time."""
        cues = tuple(self._cues)
        self._cues.clear()
        return Piece(display=self._display.take(), speech=self._speech.take(), cues=cues)

    def _advance(self, *, final: bool) -> None:
        """Go through the held text as far as it is decided."""
        while self._held:
            if self._hidden is not None:
                self._hide()
            elif self._fence is not None:
                self._copy_code()
            elif not self._step(final=final):
                return

    def _step(self, *, final: bool) -> bool:
        """Decide the beginning of the held text; tell whether it could be decided."""
        for matcher in _MATCHERS.get(self._held[0], ()):
            match = matcher(self._held, self._place(), final)
            if isinstance(match, Undecided):
                return False
            if match is not None:
                self._apply(match)
                return True
        self._plain(self._held[0])
        self._consume(1)
        return True

    def _place(self) -> Place:
        """Return where the held text stands."""
        last = self._speech.last
        word = _LAST_WORD.search(self._tail)
        return Place(
            before=self._before,
            line_start=self._line_start,
            boundary=not last or last in _SENTENCE_END or self._speech.new_line or self._taken_out,
            word_before=word[0].strip() if word else "",
            row=self._row,
            stressed=self._stressed,
            nothing_yet=not last and not self._display.last,
        )

    def _consume(self, length: int) -> None:
        """Forget the beginning of the held text."""
        self._before = self._held[length - 1]
        self._held = self._held[length:]

    def _plain(self, char: str) -> None:
        """Write a character that is text, white space or a picture."""
        if is_picture(char) and not (char == "\u200d" and not is_picture(self._before)):
            self._picture(char)
            return
        self._display.put(char)
        self._speak(char)
        if char == "\n":
            self._line_start, self._row, self._stressed = True, False, False
        elif not char.isspace():
            self._line_start = self._taken_out = False

    def _picture(self, char: str) -> None:
        """Show a picture that nobody speaks, and feel it."""
        self._display.put(char)
        if not is_joiner(char) or char == "\u20e3":
            self._speech.gap()
        if feeling := meaning(char):
            self._waiting.append(feeling)

    def _speak(self, text: str) -> None:
        """Write text to be spoken; cues that wait stand before it."""
        for char in text:
            offset = self._speech.put(char)
            if offset is not None:
                self._settle(offset)
            self._tail = (self._tail + char)[-_TAIL:]

    def _settle(self, offset: int) -> None:
        """Place the cues that waited for the next word, each once."""
        for name in dict.fromkeys(self._waiting):
            self._cues.append(name.at(offset))
        self._waiting.clear()

    def _apply(self, span: Span) -> None:
        """Do what a recognised span asks for."""
        raw = self._held[: span.length]
        nothing_yet = self._place().nothing_yet
        self._mark(span)
        if span.action is not None:
            self._act(span.action, span.mark)
        else:
            self._write(span)
        self._consume(len(raw))
        if span.hide_until is not None:
            self._hidden, self._hidden_text = span, ""
            if nothing_yet:
                self._hidden = Span(length=0, hide_until=span.hide_until, secret=True)
        if span.fence is not None:
            self._fence, self._fence_run = span.fence, 0

    def _mark(self, span: Span) -> None:
        """Keep what a span says about the place behind it."""
        self._waiting.extend(span.cues)
        if span.unknown is not None:
            self.unknown[span.unknown.casefold()] += 1
        if span.stress is not None:
            self._stressed = span.stress
        if span.pause:
            self._speech.pause()
        self._row = self._row or span.row
        removed = span.display is None or span.action is not None
        self._line_start = self._line_start and (span.line_mark or removed)
        self._taken_out = removed or (self._taken_out and span.line_mark)

    def _write(self, span: Span) -> None:
        """Write what is shown and what is spoken of a span."""
        if span.display is None:
            self._display.gap()
        for char in span.display or "":
            self._display.put(char)
        if span.inner is not None:
            self._nested(span.inner)
        elif span.speech is None:
            self._speech.gap()
        else:
            self._speak(span.speech)

    def _nested(self, markup: str) -> None:
        """Speak the text of a link, which may have markup of its own."""
        piece = complete(markup)
        if not piece.speech:
            self._speech.gap()
        done = 0
        for cue in piece.cues:
            self._speak(piece.speech[done : cue.offset])
            done = cue.offset
            self._waiting.append(cue.name_only)
        self._speak(piece.speech[done:])

    def _act(self, content: str, mark: str) -> None:
        """Show a stage direction and do it."""
        piece = complete(content)
        for char in f"{mark}{piece.display}{mark}":
            self._display.put(char)
        self._speech.gap()
        own = [cue.name_only for cue in piece.cues]
        done = [c for c in actions.cues_of(piece.speech) if c.kind not in {o.kind for o in own}]
        self._waiting.extend(own + done)

    def _hide(self) -> None:
        """Swallow the held character of a hidden block, and end the block at its mark."""
        assert self._hidden is not None
        assert self._hidden.hide_until is not None
        self._hidden_text += self._held[0]
        self._consume(1)
        end = self._hidden.hide_until
        if self._hidden_text[-len(end) :].lower() == end.lower():
            self._hidden, self._hidden_text = None, ""
            self._display.gap()
            self._speech.gap()
        elif self._hidden.secret:
            self._hidden_text = self._hidden_text[-len(end) :]

    def _release(self) -> None:
        """Give back a hidden block in the middle of a reply whose end never came: nobody loses words."""
        assert self._hidden is not None
        self._held = "" if self._hidden.secret else self._hidden_text
        self._hidden, self._hidden_text = None, ""

    def _copy_code(self) -> None:
        """Show code without speaking it, and end it at its fence."""
        assert self._fence is not None
        char = self._held[0]
        if char != self._fence[0] and self._fence_run >= len(self._fence):
            self._fence = None
            self._speech.gap()
            return
        self._fence_run = self._fence_run + 1 if char == self._fence[0] else 0
        self._display.put(char)
        self._consume(1)


def complete(markup: str) -> Piece:
    """Return what becomes of a complete text."""
    parser = MarkupParser()
    first, rest = parser.feed(markup), parser.finish()
    return Piece(
        display=first.display + rest.display,
        speech=first.speech + rest.speech,
        cues=first.cues + rest.cues,
    )
