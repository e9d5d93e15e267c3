"""What the recogniser's worker process does with events."""

from typing import Final

from wyoming.event import Event

from ..errors import EngineMissingError, SpeechError
from .automaton import build_automaton
from .pronounce import Pronouncer
from .template import parse_document

try:
    from pocketsphinx import Decoder

    from .aligner import Aligner
    from .recognizer import Recognizer, open_free_phones
    from .sphinx import DICTIONARY
except ImportError as err:
    raise EngineMissingError(
        "pocketsphinx is not installed: run `pip install 'waifu-satellite[commands]'`"
    ) from err

KEPT_GRAMMARS: Final = 4


class PocketsphinxJobs:
    """Recognise one utterance after the other, each with its grammar."""

    def __init__(self) -> None:
        """Load what every grammar needs."""
        self._pronouncer = Pronouncer(DICTIONARY)
        self._recognizers: dict[str, Recognizer] = {}
        self._document = bytearray()
        self._current: Recognizer | None = None
        self._partial = Event("partial")
        self._free: Decoder | None = None
        self._aligner: Aligner | None = None
        self._sound = bytearray()

    def handle(self, event: Event) -> list[Event]:
        """Return the answers to one event."""
        if event.type == "grammar":
            return self._grammar(event)
        if event.type == "sound":
            self._sound += event.payload or b""
            return []
        if event.type == "align":
            return [self._align(event.data["text"], event.data["rate_hz"])]
        if event.type == "start":
            return self._start(event.data["hash"])
        if self._current is None:
            raise SpeechError("Sound came before the grammar")
        if event.type == "audio":
            return self._audio(self._current, event.payload or b"")
        heard = self._current.finish()
        return [Event("final", {"text": heard.text if heard.in_grammar else ""})]

    def _grammar(self, event: Event) -> list[Event]:
        """Take a piece of a grammar; the last one makes a recogniser of it."""
        self._document += event.payload or b""
        if not event.data["last"]:
            return []
        document = self._document.decode()
        self._document.clear()
        while len(self._recognizers) >= KEPT_GRAMMARS:
            del self._recognizers[next(iter(self._recognizers))]
        self._recognizers[event.data["hash"]] = self._build(document)
        return [Event("built")]

    def _align(self, text: str, rate_hz: int) -> Event:
        """Return the marks of a text in the sound that came before."""
        sound, self._sound = bytes(self._sound), bytearray()
        if self._aligner is None:
            self._aligner = Aligner(self._pronouncer)
        marks = self._aligner.align(text, sound, rate_hz)
        return Event(
            "aligned", {"marks": [[m.phoneme, m.start_ms, m.end_ms, m.char] for m in marks]}
        )

    def _build(self, document: str) -> Recognizer:
        """Return a recogniser for a grammar document."""
        grammar = parse_document(document)
        # A word in small letters wins, so that "Turn" of a name does not change the sentence.
        spelling = {word.casefold(): word for word in sorted(grammar.words())}
        automaton = build_automaton(grammar)
        self._free = self._free or open_free_phones()
        return Recognizer(automaton, spelling, self._pronouncer, self._free, before=grammar.before)

    def _start(self, digest: str) -> list[Event]:
        """Begin an utterance if the grammar is known; say so."""
        self._current = self._recognizers.get(digest)
        self._partial = _partial("", paused=False)
        if self._current is not None:
            self._current.start()
        return [Event("started", {"known": self._current is not None})]

    def _audio(self, recognizer: Recognizer, pcm: bytes) -> list[Event]:
        """Take sound; tell when the hypothesis has changed."""
        recognizer.add(pcm)
        partial = _partial(recognizer.partial(), paused=recognizer.is_settled)
        if partial == self._partial:
            return []
        self._partial = partial
        return [partial]


def _partial(text: str, *, paused: bool) -> Event:
    """Return a guess, and whether it will stand if nothing more is said."""
    return Event("partial", {"text": text, "paused": paused})
