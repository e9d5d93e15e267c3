"""Text that is written character by character and stays well spaced where something was taken out."""

_CLOSING = frozenset(".,;:!?…)]}»”’%、。，！？；：）」』")
_OPENING = frozenset("([{„«“‘¿¡（「『")
_STRAIGHT_QUOTES = frozenset("\"'")
_SPACES = frozenset(" \t\n\r\f\v")
_CJK_FROM, _HANGUL, _CJK_TO = "\u2e80", ("\uac00", "\ud7ff"), "\uffdc"


class Track:
    """One output of the parser: what is shown, or what is spoken."""

    def __init__(self, *, offset: int = 0, tidy: bool) -> None:
        """Start at an offset (code points); a tidy track has single spaces and no more than an empty line."""
        self.length = offset
        self._tidy = tidy
        self._out: list[str] = []
        self._last = ""
        self._opened = False
        """The last character opened a quotation or a bracket."""
        self._before = ""
        """White space waiting for the next character, and what came of it after something taken out."""
        self._after = ""
        self._gap = False
        self._pause = False

    @property
    def last(self) -> str:
        """Return the last character written, empty at the beginning."""
        return self._last

    @property
    def new_line(self) -> bool:
        """Return whether a line break is waiting."""
        return "\n" in self._before + self._after

    def gap(self) -> None:
        """Say that something was taken out here."""
        self._gap = True
        self._before += self._after
        self._after = ""

    def pause(self) -> None:
        """Ask for a comma before the next word, as between the cells of a table."""
        self._pause = True

    def put(self, char: str) -> int | None:
        """Write a character and return its offset, or hold it back when it is white space."""
        if char in _SPACES:
            self._hold(char)
            return None
        self._write(self._space_before(char))
        self._before = self._after = ""
        self._gap = self._pause = False
        offset = self.length
        self._opened = char in _OPENING or (
            char in _STRAIGHT_QUOTES and (not self._last or self._last.isspace())
        )
        self._write(char)
        return offset

    def take(self) -> str:
        """Return what was written since the last time."""
        text = "".join(self._out)
        self._out.clear()
        return text

    def _hold(self, char: str) -> None:
        """Keep white space until it is known what follows."""
        if self._gap:
            self._after += char
        else:
            self._before += char

    def _write(self, text: str) -> None:
        """Write text as it is."""
        if text:
            self._out.append(text)
            self.length += len(text)
            self._last = text[-1]

    def _space_before(self, char: str) -> str:
        """Return the white space that belongs before this character."""
        space = self._before + self._after
        if not self._last:
            return "" if self._tidy or self._gap else space
        if self._pause and "\n" not in space:
            return " " if self._last in _CLOSING else ", "
        if not self._gap:
            return _tidied(space) if self._tidy else space
        return self._space_in_gap(char)

    def _space_in_gap(self, char: str) -> str:
        """Return the white space where something was taken out."""
        if self._opened and "\n" not in self._before:
            return ""
        if not self._after and char in _CLOSING and "\n" not in self._before:
            return ""
        space = max(self._before, self._after, key=lambda part: part.count("\n"))
        if "\n" in space:
            return _tidied(space) if self._tidy else space
        if self._before or self._after:
            return " "
        return " " if _words_meet(self._last, char) else ""


def _tidied(space: str) -> str:
    """Return white space as a voice needs it: a space, a line break or an empty line."""
    breaks = space.count("\n")
    return "\n" * min(breaks, 2) if breaks else space[:1] and " "


def _words_meet(last: str, char: str) -> bool:
    """Return whether two characters need a space when nothing stands between them any more."""
    if _is_cjk(last) or _is_cjk(char) or not char.isalnum():
        return False
    return last.isalnum() or last in _CLOSING


def _is_cjk(char: str) -> bool:
    """Return whether a script writes without spaces (Korean does not)."""
    return _CJK_FROM <= char <= _CJK_TO and not _HANGUL[0] <= char <= _HANGUL[1]
