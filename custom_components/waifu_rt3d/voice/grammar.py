"""Make the grammar of a home's commands for recognisers that know no free speech (contracts §3).

The sentences are Home Assistant's own, so whatever is heard is understood; the names are the
home's. Only part of them: a permissive grammar hears a command in everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
import hashlib
import json
from pathlib import Path
import re
from typing import Any, Final

from wyoming.event import Event
from wyoming.user_event import UserEvent

from .templates import speakable_template, values_of, with_verb

VERSION: Final = 1
# A frame's data may have 256 KiB; quotes and letters beyond ASCII grow when they are packed.
PART_LETTERS: Final = 48 * 1024
CELSIUS: Final = (5, 35)
FAHRENHEIT: Final = (41, 95)
_REFERENCE: Final = re.compile(r"([{<])(\w+)[}>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeNames:
    """What the home's people may name: exposed entities with their aliases, areas, floors."""

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names by domain, such as `light`."""
    areas: Sequence[str] = ()
    floors: Sequence[str] = ()
    temperatures: tuple[int, int] = CELSIUS
    wake_phrases: Sequence[str] = ()
    """What the rooms listen for: its end may be heard before a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """A grammar document, ready to send."""

    document: dict[str, Any]

    @property
    def text(self) -> str:
        """Return the document as the JSON that is hashed and sent."""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))

    def events(self) -> list[Event]:
        """Return the document as `user-event`s, in parts that fit into frames."""
        text = self.text
        parts = [text[at : at + PART_LETTERS] for at in range(0, len(text), PART_LETTERS)]
        digest = hashlib.sha256(text.encode()).hexdigest()
        return [
            UserEvent(
                name="grammar",
                data={"hash": digest, "part": number, "parts": len(parts), "json": part},
            ).event()
            for number, part in enumerate(parts)
        ]


def read_selection(language: str) -> dict[str, Any] | None:
    """Return which sentences a grammar of this language has; None where there is no recogniser.

    It reads a file: call it outside the event loop, once.
    """
    path = Path(__file__).with_name(f"grammar_{language.split('-', maxsplit=1)[0].lower()}.json")
    return _read(path) if path.exists() else None


@cache
def _read(path: Path) -> dict[str, Any]:
    """Return a file of ours."""
    selection: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return selection


def build_grammar(
    language: str, intents: Mapping[str, Any], selection: Mapping[str, Any], home: HomeNames
) -> Grammar:
    """Return the grammar of a home from Home Assistant's intents (`home_assistant_intents`)."""
    builder = _Builder(intents, selection, home)
    sentences = list(dict.fromkeys(builder.sentences()))
    lists, rules = builder.used(sentences)
    document = {
        "v": VERSION,
        "language": language.split("-", maxsplit=1)[0].lower(),
        "lists": lists,
        "rules": rules,
        "sentences": sentences,
    }
    if home.wake_phrases:
        document["before"] = list(home.wake_phrases)
    return Grammar(document=document)


class _Builder:
    """Choose and rewrite the sentences of one home."""

    def __init__(
        self, intents: Mapping[str, Any], selection: Mapping[str, Any], home: HomeNames
    ) -> None:
        """Take Home Assistant's data, ours and the home's."""
        self._intents = intents
        self._selection = selection
        self._home = home
        # What is put on a list can be anything; the usual things have a sound that is known.
        things = list(selection.get("items", ()))
        self._lists: dict[str, list[str]] = {
            "area": list(home.areas),
            "floor": list(home.floors),
            "shopping_list_item": things,
            "todo_list_item": things,
        }

    def sentences(self) -> Iterator[str]:
        """Yield the templates of all chosen sentences that this home can use."""
        for intent, combinations in self._selection["intents"].items():
            for block in self._intents["intents"].get(intent, {}).get("data", []):
                if block.get("metadata", {}).get("slot_combination") in combinations:
                    yield from self._block(block)
        # for questions of ours; a bare “yes” would be heard in every cough
        yield from self._selection.get("answers", ())

    def _block(self, block: Mapping[str, Any]) -> Iterator[str]:
        """Yield the templates of one group of sentences."""
        domain = block.get("slots", {}).get("domain")
        if domain is not None and domain not in self._home.names:
            return
        required = block.get("requires_context", {}).get("domain")
        names = self._name_list(required)
        for sentence in block["sentences"]:
            if any(dropped in sentence for dropped in self._selection["drop"]):
                continue
            template = speakable_template(self._narrowed(sentence))
            if template is None or (template := with_verb(template)) is None:
                continue
            template = template.replace("{name}", f"{{{names}}}")
            if all(self._known(kind, name) for kind, name in _REFERENCE.findall(template)):
                yield template

    def _narrowed(self, sentence: str) -> str:
        """Return the sentence without words that sound alike and mean the same."""
        for wide, narrow in self._selection["replace"]:
            sentence = sentence.replace(wide, narrow)
        return sentence

    def _name_list(self, domains: str | Sequence[str] | None) -> str:
        """Return the list of the names in these domains, made on first use."""
        wanted = [domains] if isinstance(domains, str) else domains or sorted(self._home.names)
        present = [domain for domain in wanted if self._home.names.get(domain)]
        list_name = "_".join(["name", *present])
        names = [name for domain in present for name in self._home.names[domain]]
        self._lists[list_name] = list(dict.fromkeys(names))
        return list_name

    def _known(self, kind: str, name: str) -> bool:
        """Return whether a list has values or a rule can be spoken."""
        if kind == "<":
            return self._rule(name) is not None
        if name not in self._lists:
            self._lists[name] = self._values(name)
        return bool(self._lists[name])

    def _rule(self, name: str) -> str | None:
        """Return a rule: our narrower one, else Home Assistant's."""
        narrowed: str | None = self._selection["rules"].get(name)
        if narrowed is not None:
            return narrowed
        template = self._intents["expansion_rules"].get(name)
        return speakable_template(template) if template else None

    def _values(self, name: str) -> list[str]:
        """Return the values of one of Home Assistant's lists."""
        if name == "temperature":
            return self._numbers(*self._home.temperatures)
        if name in self._selection["ranges"]:
            return self._numbers(*self._selection["ranges"][name])
        values = self._intents["lists"].get(name, {}).get("values", [])
        texts = [value["in"] if isinstance(value, Mapping) else value for value in values]
        spoken = [one for text in texts for one in values_of(text)]
        return [
            text
            for text in dict.fromkeys(spoken)
            if re.fullmatch(r"[^\W\d_]+([ '][^\W\d_]+)*", text)
        ]

    def _numbers(self, first: int, last: int, single: int = 100) -> list[str]:
        """Return the numbers of a range as words: all up to `single`, then in steps of five.

        "Eighteen" and "eighty" are one sound to a small recogniser, and few people say "eighteen
        percent".
        """
        numbers = (n for n in range(first, last + 1) if n <= single or n % 5 == 0)
        return [self._number(number) for number in numbers]

    def _number(self, number: int) -> str:
        """Return a number up to one hundred as words."""
        ones, tens = self._selection["ones"], self._selection["tens"]
        if number >= 100:
            return str(self._selection["hundred"])
        if number < len(ones):
            return str(ones[number])
        return (
            f"{tens[number // 10]} {ones[number % 10]}" if number % 10 else str(tens[number // 10])
        )

    def used(self, sentences: list[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Return the lists and rules that the sentences need, also through other rules."""
        rules: dict[str, str] = {}
        lists: dict[str, list[str]] = {}
        waiting = list(sentences)
        while waiting:
            for kind, name in _REFERENCE.findall(waiting.pop()):
                if kind == "{":
                    lists[name] = self._lists[name]
                elif name not in rules and (rule := self._rule(name)) is not None:
                    rules[name] = rule
                    waiting.append(rule)
        return dict(sorted(lists.items())), dict(sorted(rules.items()))
