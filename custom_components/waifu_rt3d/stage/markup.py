"""Take emotion and gesture tags out of a reply (a first, simple parser)."""

from dataclasses import dataclass
import re

from .cues import Cue, CueKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    display: str
    speech: str
    cues: tuple[Cue, ...]


class MarkupParser:
    def __init__(self, offset: int = 0) -> None:
        self._offset = offset
        self._held = ""

    def feed(self, text: str) -> Piece:
        self._held += text
        if "[" in self._held and "]" not in self._held[self._held.rindex("["):]:
            return Piece(display="", speech="", cues=())
        return self.finish()

    def finish(self) -> Piece:
        out, cues = "", []
        for part in re.split(r"(\[[a-z:]+\] ?)", self._held):
            m = re.fullmatch(r"\[(?:(\w+):)?(\w+)\] ?", part)
            if m:
                cues.append(Cue(kind=CueKind(m[1] or "emotion"), name=m[2], offset=self._offset + len(out)))
            else:
                out += part
        self._held = ""
        self._offset += len(out)
        return Piece(display=out, speech=out, cues=tuple(cues))
