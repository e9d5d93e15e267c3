"""Cut text that is still being written into what can be spoken at once.

Made for a chatty companion: the first clause goes out early; "Yes." and "Hmm." are sentences; an
emoji or a newline may end one; abbreviations, numbers and addresses never do. The cuts depend on
the text alone, never on the pieces in which it came; only `pause` depends on time.
"""

from dataclasses import dataclass
from typing import Final

from .words import has_words, is_emoticon, is_silent

FIRST_CLAUSE_LETTERS: Final = 8
LONG_CLAUSE_LETTERS: Final = 100
MAX_SEGMENT: Final = 240

_CLOSERS: Final = "\"')]}*_`\u00bb\u201d\u2019\u300d\u300f\uff09"
_ENDERS: Final = "!?\u2026"
_WIDE_ENDERS: Final = "\u3002\uff01\uff1f"
_CLAUSE_ENDERS: Final = ",;:\u2013\u2014\uff0c\u3001"
# Titles and the like: a name or number follows, so they never end a sentence.
_NEVER_END: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "jr",
        "sr",
        "vs",
        "no",
        "nr",
        "fig",
        "approx",
        "ca",
        "bzw",
        "usw",
        "inkl",
        "evtl",
        "ggf",
        "hr",
        "fr",
        "e.g",
        "i.e",
        "z.b",
        "d.h",
        "u.a",
        "o.ä",
        "p.ex",
        "cf",
        "mme",
        "mlle",
        "gen",
        "col",
        "sgt",
        "capt",
        "lt",
        "rev",
        "hon",
        "dept",
        "est",
    ]
)
# These may end one: what follows decides.
_MAY_END: Final = frozenset(
    [
        "etc",
        "a.m",
        "p.m",
        "am",
        "pm",
        "u.s",
        "u.k",
        "inc",
        "ltd",
        "co",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "min",
        "max",
        "std",
        "ave",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of the text that is spoken in one go."""

    text: str
    offset: int
    """Code points from the start of the whole text."""


class SentenceFinder:
    """Collect text as it comes and return the segments that are complete."""

    def __init__(self, language: str = "en") -> None:
        """Take the language, whose numbers may carry a dot (German "3. Mai")."""
        self._dotted_numbers = language.split("-", maxsplit=1)[0] not in {
            "en",
            "fr",
            "es",
            "it",
            "pt",
        }
        self._text = ""
        self._offset = 0
        # Where to go on scanning, so that long texts in small pieces stay linear.
        self._scan = 0
        self._token = 0
        self._letters = 0

    def add(self, text: str) -> list[Segment]:
        """Return the segments that this text completes."""
        self._text += text
        return self._cut_all(final=False)

    def finish(self) -> list[Segment]:
        """Return what is left; there will be no more text."""
        segments = self._cut_all(final=True)
        if has_words(self._text):
            segments.append(self._take(len(self._text)))
        self._offset += len(self._text)
        self._text = ""
        self._rewind()
        return segments

    def pause(self) -> list[Segment]:
        """Return a finished sentence whose next letter does not come for a while."""
        core = _core(self._text.rsplit(maxsplit=1)[-1]) if self._text.strip() else ""
        ended = bool(core) and (core[-1] in _ENDERS or self._dot_ends(core, "A") is True)
        if not ended or not has_words(self._text):
            return []
        return [self._take(len(self._text))]

    def _cut_all(self, *, final: bool) -> list[Segment]:
        """Cut off one segment after the other."""
        segments = []
        while (end := self._next_cut(final=final)) is not None:
            segments.append(self._take(end))
        return segments

    def _next_cut(self, *, final: bool) -> int | None:
        """Return where the first segment ends, None while that is not certain."""
        text = self._text
        while self._scan < len(text):
            at = self._scan
            letter = text[at]
            cut: bool | None = False
            if letter.isspace():
                cut = self._ends_at_space(at, final=final)
            elif at and text[at - 1] in _WIDE_ENDERS and letter not in _WIDE_ENDERS + _CLOSERS:
                cut = has_words(text[:at])
            if cut is None:
                return None
            if cut:
                return at
            if letter.isspace():
                self._token = at + 1
            elif letter.isalnum():
                self._letters += 1
            self._scan += 1
            if self._scan >= MAX_SEGMENT:
                return self._forced_cut()
        return None

    def _ends_at_space(self, at: int, *, final: bool) -> bool | None:
        """Return whether the token before this space ends a segment, None when unknown yet."""
        if not self._letters:
            return False
        if self._text[at] in "\n\r":
            return has_words(self._text[:at])
        token = self._text[self._token : at]
        if not token:
            return False
        ends = self._token_ends(token, at, final=final)
        return has_words(self._text[:at]) if ends else ends

    def _token_ends(self, token: str, at: int, *, final: bool) -> bool | None:
        """Return whether a token ends a segment by its own last letters."""
        if is_emoticon(token):
            following = self._following(at, final=final)
            return None if following is None else following.isupper()
        core = _core(token)
        if not core:
            return False
        if core[-1] in _ENDERS or core.endswith(".."):
            return True
        if core[-1] == ".":
            following = self._following(at, final=final)
            return None if following is None else self._dot_ends(core, following)
        return core[-1] in _CLAUSE_ENDERS and self._letters >= self._clause_letters()

    def _clause_letters(self) -> int:
        """Return how many letters a clause needs to go out alone."""
        return LONG_CLAUSE_LETTERS if self._offset else FIRST_CLAUSE_LETTERS

    def _following(self, at: int, *, final: bool) -> str | None:
        """Return the next visible character, "" at the end, None when it has not come yet."""
        rest = self._text[at:].lstrip()
        if rest:
            return rest[0]
        return "" if final else None

    def _dot_ends(self, core: str, following: str) -> bool:
        """Return whether a token with a dot at its end ends the sentence."""
        if not core.endswith("."):
            return False
        word = core.rstrip(".").lstrip("\"'([{*_\u00ab\u201c\u201e").lower()
        if word in _NEVER_END:
            return False
        if word in _MAY_END:
            return following.isupper() or following == ""
        if len(word) == 1 and word.isalpha() and word != "i":
            return following == ""
        if word.isdigit():
            # "1. Milk" is a list, "am 3. Mai" a date.
            listed = not any(letter.isalnum() for letter in self._text[: self._token])
            return not listed and not self._dotted_numbers
        return bool(word)

    def _forced_cut(self) -> int:
        """Return where to cut a sentence that does not end: a clause, a space, anywhere."""
        head = self._text[:MAX_SEGMENT]
        clauses = [
            at
            for at in range(MAX_SEGMENT // 3, MAX_SEGMENT)
            if head[at].isspace() and _core(head[:at])[-1:] in _CLAUSE_ENDERS
        ]
        spaces = [at for at in range(MAX_SEGMENT // 3, MAX_SEGMENT) if head[at].isspace()]
        return (clauses or spaces or [MAX_SEGMENT])[-1]

    def _take(self, end: int) -> Segment:
        """Cut the text before `end` off and return it."""
        segment = Segment(text=self._text[:end], offset=self._offset)
        self._text = self._text[end:]
        self._offset += end
        self._rewind()
        return segment

    def _rewind(self) -> None:
        """Scan the next segment from its start."""
        self._scan = self._token = self._letters = 0


def _core(token: str) -> str:
    """Return the token without the quotes, brackets and pictures at its end."""
    end = len(token)
    while end and (token[end - 1] in _CLOSERS or is_silent(token[end - 1])):
        end -= 1
    return token[:end]
