"""See what a sentence asks for: its telling words, who is meant, and which time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re

from .folding import searchable
from .lexicon import other_forms, other_words
from .stopwords import language_of, stop_words
from .values import Role
from .words import gram_query, spans, unspaced_runs

MAX_TERMS = 12
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_SELF = {
    "i",
    "me",
    "my",
    "mine",
    "myself",
    "ich",
    "mein",
    "meine",
    "mir",
    "mich",
    "je",
    "moi",
    "yo",
}
_OTHER = {"you", "your", "yours", "yourself", "du", "dein", "deine", "dir", "dich", "tu", "toi"}
_ASKS_WHEN = re.compile(
    r"\b(when|what (time|date|day|month|year|season)|which (day|month|year|season)|how long"
    r"|how (recently|often)|since when|wann|wie lange|quand|cuando|quando)\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(
    r"\b(how (many|much|old|often|far|big|tall)|wie viele?|combien)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Hold one telling word as full-text expressions: its own forms, and words near to it."""

    word: str
    expression: str
    near: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Hold what a sentence asks for."""

    telling: list[Telling]
    speaker: Role | None
    asks_when: bool
    asks_number: bool
    since_ms: int | None = None
    until_ms: int | None = None


def understand(text: str, *, names: dict[str, Role], now_ms: int) -> Question:
    """Take a sentence apart; `names` are the folded names of those who talk here."""
    found = spans(text)
    words = [word for word, _, _ in found]
    written = {word: text[start:end] for word, start, end in found}
    since_ms, until_ms, dated = _time(words, text, now_ms)
    speaker = _speaker(words, names)
    language = language_of(words)
    little = stop_words(language)
    kept = dict.fromkeys(
        word
        for word in words
        if word not in little
        and word not in names
        and word not in dated
        and not unspaced_runs(word)
    )
    telling = [_telling(word, written[word], language) for word in kept]
    telling += [Telling(word=run, expression=gram_query(run)) for run in _runs(text)]
    return Question(
        telling=telling[:MAX_TERMS],
        speaker=speaker,
        asks_when=bool(_ASKS_WHEN.search(text)),
        asks_number=bool(_ASKS_NUMBER.search(text)),
        since_ms=since_ms,
        until_ms=until_ms,
    )


def _runs(text: str) -> list[str]:
    """Return pairs of letters from scripts without spaces: their words are not known."""
    return list(
        dict.fromkeys(
            run[place : place + 2]
            for run in unspaced_runs(text)
            for place in range(max(1, len(run) - 1))
        )
    )


def _telling(word: str, written: str, language: str) -> Telling:
    """Return a word with its forms: stems in English, beginnings in other languages."""
    # As written, it is in messages of an older version, until they are indexed anew.
    own = [word, written] if searchable(written) else [word]
    if language != "en":
        return Telling(word=word, expression=" OR ".join(map(_beginning, own)))
    forms = sorted({*own, *other_forms(word)})
    near = sorted(other_words(word) - set(forms))
    return Telling(
        word=word,
        expression=_any(forms),
        near=_any(near) if near else None,
    )


def _beginning(word: str) -> str:
    """Return the expression that finds a word and others that begin like it."""
    beginning = word[: max(4, len(word) - 2)]
    return f'"{word}"' if len(word) < 5 else f'"{word}" OR "{beginning}"*'


def _any(words: list[str]) -> str:
    """Return the expression that finds any of some words."""
    return " OR ".join(f'"{word}"' for word in words)


def _speaker(words: list[str], names: dict[str, Role]) -> Role | None:
    """Return who is asked about: a name of one of the two, else I or you."""
    named = {names[word] for word in words if word in names}
    if named:
        return named.pop() if len(named) == 1 else None
    mine, yours = bool(_SELF & set(words)), bool(_OTHER & set(words))
    if mine == yours:
        # «What did I tell you about …» is about what the person told.
        return Role.USER if mine else None
    return Role.USER if mine else Role.ASSISTANT


def _time(words: list[str], text: str, now_ms: int) -> tuple[int | None, int | None, set[str]]:
    """Return the span of time that is named, and the words that name it."""
    year_found = _YEAR.search(text)
    months = [word for word in words if word in _MONTHS and _is_month(word, text)]
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    year = int(year_found.group()) if year_found else now.year
    if months:
        month = _MONTHS[months[0]]
        if not year_found and month > now.month:
            year -= 1
        start = datetime(year, month, 1, tzinfo=UTC)
        end = (start + timedelta(days=32)).replace(day=1)
    elif year_found:
        start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    else:
        return _relative(text.casefold(), now)
    dated = {*months, year_found.group()} if year_found else set(months)
    return _ms(start), _ms(end), dated


def _is_month(word: str, text: str) -> bool:
    """Say whether a word is meant as a month: `may` and `march` only with a capital."""
    return word not in {"may", "march", "sep", "mar"} or word.capitalize() in text


def _relative(text: str, now: datetime) -> tuple[int | None, int | None, set[str]]:
    """Return the span of `yesterday`, `last week` and the like."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for phrase, first, last in (
        ("yesterday", 1, 0),
        ("last week", 14, 1),
        ("this week", 7, -1),
        ("last month", 62, 7),
        ("gestern", 1, 0),
        ("letzte woche", 14, 1),
    ):
        if phrase in text:
            start, end = today - timedelta(days=first), today - timedelta(days=last)
            return _ms(start), _ms(end), set(phrase.split())
    return None, None, set()


def _ms(moment: datetime) -> int:
    """Return a moment in milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
