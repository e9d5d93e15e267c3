"""What Mira answers: deterministic, by topic, never the same thing twice running."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
import re

from .book import Book
from .echo import topic_of, turned
from .sums import solve

MAX_CONVERSATIONS = 50
MAX_DURATION_S = 0.8
SECONDS_PER_LETTER = 0.004
_GIVEN_NAME = re.compile(
    r"\b(?:my name is|my name's|call me|people call me|i am called|ich hei(?:ß|ss)e)\s+([^\W\d_][\w'-]*)",
    re.IGNORECASE,
)
# After a plain "I'm" only a capital tells a name from "tired".
_CAPITAL_NAME = re.compile(
    r"^(?:(?:hi|hello|hey)[,!. ]+)?(?:I'm|I am|Ich bin) ([A-ZÄÖÜ][\w'-]+)[.!]?$", re.IGNORECASE
)

# What the companion remembers stands before the question, as a model reads it.
_CONTEXT = re.compile(r"^<context>.*?</context>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer with markup, and how long its writing takes."""

    text: str
    duration_s: float


@dataclass(slots=True)
class _Talk:
    """What she remembers of one conversation."""

    name: str | None = None
    used: dict[str, int] = field(default_factory=dict)
    last: str = ""


class Mira:
    """A companion who answers from a book."""

    def __init__(self, book: Book) -> None:
        """Start with no conversation."""
        self._book = book
        self._talks: OrderedDict[str, _Talk] = OrderedDict()

    def answer(self, conversation_id: str, text: str, now: datetime) -> Reply:
        """Return what she says to a text in a conversation."""
        scripted, text = self._book.scripted, _CONTEXT.sub("", text)
        if _plain(text) == _plain(scripted.line):
            return Reply(text=scripted.answer, duration_s=scripted.duration_s)
        said = text.replace("’", "'").strip()
        talk = self._talk(conversation_id)
        facts = _facts(said, now)
        if name := _name_in(said):
            talk.name = name
            answer = self._next(talk, "name_given", facts)
        else:
            answer = self._next(talk, self._topic(said, talk, facts), facts)
        return Reply(text=answer, duration_s=min(len(answer) * SECONDS_PER_LETTER, MAX_DURATION_S))

    def _talk(self, conversation_id: str) -> _Talk:
        """Return a conversation; the one that rested longest is forgotten first."""
        talk = self._talks.setdefault(conversation_id, _Talk())
        self._talks.move_to_end(conversation_id)
        if len(self._talks) > MAX_CONVERSATIONS:
            self._talks.popitem(last=False)
        return talk

    def _topic(self, said: str, talk: _Talk, facts: dict[str, str]) -> str:
        """Return the topic of what was said, or the kind of fallback that suits it."""
        lowered = said.lower()
        if "result" in facts:
            return "sum"
        for topic in self._book.topics:
            if topic.matches(lowered):
                if topic.name == "name_asked" and talk.name is None:
                    return "name_unknown"
                return topic.name
        if "echo" in facts:
            return "echo"
        if "topic" not in facts:
            return "bare"
        return "question" if _asks(lowered) else "topic"

    def _next(self, talk: _Talk, topic: str, facts: dict[str, str]) -> str:
        """Return the topic's next answer, filled in, and not the one that was just given."""
        answers = self._answers(topic)
        filled = {
            **facts,
            "name": talk.name or "",
            "address": f", {talk.name}" if talk.name else "",
        }
        for _attempt in answers:
            turn = talk.used.get(topic, 0)
            talk.used[topic] = turn + 1
            answer = answers[turn % len(answers)].format(**filled)
            if answer != talk.last:
                break
        talk.last = answer
        return answer

    def _answers(self, topic: str) -> tuple[str, ...]:
        """Return the answers to a topic or of a kind of fallback."""
        if topic in self._book.fallbacks:
            return self._book.fallbacks[topic]
        return next(known.answers for known in self._book.topics if known.name == topic)


def _facts(said: str, now: datetime) -> dict[str, str]:
    """Return what an answer may be filled with."""
    facts = {
        "time": f"{now:%H:%M}",
        "date": f"{now:%A}, {now.day} {now:%B %Y}",
        "part_of_day": _part_of_day(now.hour),
    }
    if result := solve(said.lower()):
        facts["result"] = result
    if echo := turned(said):
        facts["echo"] = echo
    if topic := topic_of(said):
        facts["topic"] = topic
    return facts


def _part_of_day(hour: int) -> str:
    """Return how one greets at an hour."""
    if 4 <= hour < 12:
        return "morning"
    return "afternoon" if 12 <= hour < 18 else "evening"


def _name_in(said: str) -> str | None:
    """Return the name that somebody gives."""
    if found := _GIVEN_NAME.search(said):
        return found[1][0].upper() + found[1][1:]
    found = _CAPITAL_NAME.match(said)
    return found[1] if found and found[1][0].isupper() else None


def _asks(lowered: str) -> bool:
    """Tell whether a text is a question."""
    beginnings = (
        r"(what|who|where|when|why|how|which|can|could|do|does|did|is|are|will|would|should)\b"
    )
    return lowered.endswith("?") or re.match(beginnings, lowered) is not None


def _plain(text: str) -> str:
    """Return a text without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.lower()))
