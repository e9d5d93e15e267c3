"""Feelings for the replies of models that write no tags: one look at each sentence."""

import re

from .cues import Cue, CueKind
from .feeling import feel
from .markup import Piece

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s)|[。！？]+|\n+")


class Untagged:
    """Listens to a reply and adds what its words feel like, until the model shows feelings itself."""

    def __init__(self, language: str, offset: int = 0) -> None:
        """Start at an offset of the speech text (code points)."""
        self._language = language
        self._start = offset
        """Where the sentence begins that is being said."""
        self._sentence = ""
        self._tagged = False
        self._last = ""

    def heard(self, piece: Piece) -> tuple[Cue, ...]:
        """Take the next piece of the reply; return the cues of the sentences that it ended."""
        self._tagged = self._tagged or any(c.kind is CueKind.EMOTION for c in piece.cues)
        if self._tagged:
            return ()
        self._sentence += piece.speech
        cues: list[Cue] = []
        while match := _SENTENCE_END.search(self._sentence):
            cues += self._felt(self._sentence[: match.end()])
            self._start += match.end()
            self._sentence = self._sentence[match.end() :]
        return tuple(cues)

    def finish(self) -> tuple[Cue, ...]:
        """Return the cue of the last sentence: the reply is complete."""
        cues = () if self._tagged else tuple(self._felt(self._sentence))
        self._sentence = ""
        return cues

    def _felt(self, sentence: str) -> list[Cue]:
        """Return the cue of a sentence, when it feels other than the one before."""
        name = feel(sentence, self._language).cue
        if name is None or name.name == self._last:
            return []
        self._last = name.name
        return [name.at(self._start + len(sentence) - len(sentence.lstrip()))]
