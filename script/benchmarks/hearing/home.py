"""Draw commands for a home from Home Assistant's own sentences: a program of the component's environment.

`home.py SEED COUNT` prints JSON: the home's grammar as the component sends it, and commands, each with the
intent and slots that Home Assistant finds in it. `home.py understand` reads a list of texts and says what
Home Assistant would do with each. The home is made up; only words with a sound are drawn: a title to
play or a free name for a timer can be anything, and no grammar holds that.
"""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import random
import re
import sys
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pure_parts

pure_parts.load()

from hassil import Intents, recognize_best  # noqa: E402 - the path is made above
from hassil.expression import (  # noqa: E402 - as above
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.intents import TextSlotList  # noqa: E402 - as above
from hassil.parse_expression import parse_sentence  # noqa: E402 - as above
from home_assistant_intents import get_intents  # noqa: E402 - as above
from waifu_rt3d.voice.grammar import HomeNames, build_grammar, read_selection  # type: ignore[import-not-found]  # noqa: E402 - as above

FIELDS: Final = (
    "HassTurnOn", "HassTurnOff", "HassLightSet", "HassSetPosition", "HassClimateSetTemperature",
    "HassClimateGetTemperature", "HassMediaPause", "HassMediaUnpause", "HassMediaNext",
    "HassMediaPrevious", "HassMediaPlayerMute", "HassMediaPlayerUnmute", "HassSetVolume",
    "HassSetVolumeRelative", "HassStartTimer", "HassCancelTimer", "HassCancelAllTimers",
    "HassIncreaseTimer", "HassDecreaseTimer", "HassPauseTimer", "HassUnpauseTimer",
    "HassTimerStatus", "HassShoppingListAddItem", "HassShoppingListCompleteItem", "HassListAddItem",
    "HassListCompleteItem", "HassListRemoveItem",
)  # fmt: skip
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "light": (
        "ceiling light", "desk lamp", "reading lamp", "floor lamp", "mirror light", "porch light",
        "garden lights", "night light", "kitchen counter", "hallway light",
    ),
    "cover": ("garage door", "bedroom curtain", "office blind", "patio awning"),
    "climate": ("thermostat", "nursery heater", "bathroom radiator"),
    "media_player": ("television", "kitchen radio", "record player", "bedroom speaker"),
    "todo": ("groceries", "holiday"),
    "switch": ("coffee machine", "fountain"),
}  # fmt: skip
AREAS: Final = (
    "kitchen", "living room", "bedroom", "bathroom", "office", "nursery", "hallway", "garden",
)  # fmt: skip
FREE: Final = ("search_query", "timer_name", "timer_command", "floor", "media_class", "message")
DOMAINS: Final = frozenset({"light", "cover", "climate", "media_player", "todo"})


def home() -> HomeNames:
    """Return the names of the house."""
    return HomeNames(names=NAMES, areas=AREAS)


class Draw:
    """Draw sentences from Home Assistant's templates."""

    def __init__(self, data: Mapping[str, Any], chance: random.Random) -> None:
        """Take the intents and a seeded chance."""
        self._data = data
        self._chance = chance
        self._selection = read_selection("en")
        self._domains: tuple[str, ...] = ()

    def command(self) -> str | None:
        """Return a command of some intent, None where the draw can't be spoken."""
        intent = self._chance.choice(FIELDS)
        blocks = [
            (block, template)
            for block in self._data["intents"][intent]["data"]
            if self._fits(block)
            for template in block["sentences"]
            if not any(f"{{{free}" in template for free in FREE)
        ]
        combinations = sorted({_combination(block) for block, _ in blocks})
        combination = self._chance.choice(combinations)
        block, template = self._chance.choice(
            [one for one in blocks if _combination(one[0]) == combination]
        )
        wanted = (block.get("requires_context") or {}).get("domain") or sorted(NAMES)
        self._domains = tuple([wanted] if isinstance(wanted, str) else wanted)
        try:
            words = "".join(self._said(parse_sentence(template).expression))
        except KeyError:
            return None
        return " ".join(words.replace("%", " percent").replace("°", " degrees").split())

    def _fits(self, block: Mapping[str, Any]) -> bool:
        """Return whether a group of sentences is about the six fields and this house."""
        wanted = (block.get("requires_context") or {}).get("domain")
        wanted = [wanted] if isinstance(wanted, str) else wanted
        domain = (block.get("slots") or {}).get("domain")
        return (not wanted or bool(DOMAINS & set(wanted))) and (not domain or domain in DOMAINS)

    def _said(self, node: Expression) -> Iterator[str]:
        """Yield the words of one way through a template."""
        if isinstance(node, TextChunk):
            yield node.original_text
        elif isinstance(node, ListReference):
            yield self._value(node.list_name)
        elif isinstance(node, RuleReference):
            rule = self._data["expansion_rules"][node.rule_name]
            yield from self._said(parse_sentence(rule).expression)
        elif isinstance(node, Alternative):
            yield from self._said(self._chance.choice(node.items))
        elif isinstance(node, Permutation):
            items = list(node.items)
            self._chance.shuffle(items)
            for item in items:
                yield " "
                yield from self._said(item)
                yield " "
        elif isinstance(node, Group):
            for item in node.items:
                yield from self._said(item)

    def _value(self, name: str) -> str:
        """Return a value of a list, as it is said."""
        if name == "name":
            domains = [one for one in self._domains if one in NAMES and one in DOMAINS]
            return self._chance.choice([each for one in domains for each in NAMES[one]])
        if name == "area":
            return self._chance.choice(AREAS)
        if name in {"shopping_list_item", "todo_list_item"}:
            return self._chance.choice(self._selection["items"])
        found = self._data["lists"][name]
        if name == "temperature":
            return self._number(self._chance.randint(10, 28))
        if "range" in found:
            low, high, step = (found["range"].get(key, 1) for key in ("from", "to", "step"))
            if low > 100:
                raise KeyError(name)  # kelvins, which nobody says
            return self._number(self._chance.choice(range(low, min(high, 100) + 1, step)))
        values = [value["in"] if isinstance(value, Mapping) else value for value in found["values"]]
        return "".join(self._said(parse_sentence(self._chance.choice(values)).expression))

    def _number(self, number: int) -> str:
        """Return a number as words."""
        ones, tens = self._selection["ones"], self._selection["tens"]
        if number >= 100:
            return "one hundred"
        if number < 20:
            return str(ones[number])
        return (
            f"{tens[number // 10]} {ones[number % 10]}" if number % 10 else str(tens[number // 10])
        )


def _combination(block: Mapping[str, Any]) -> str:
    """Return which slots a group of sentences fills, with the kind of thing that it is about."""
    domain = (block.get("slots") or {}).get("domain") or (block.get("requires_context") or {}).get(
        "domain"
    )
    return f"{block['metadata']['slot_combination']} {domain}"


def drawn(seed: int, count: int) -> dict[str, Any]:
    """Return the grammar and the commands, each different, each understood by Home Assistant."""
    data = dict(get_intents("en") or {})
    draw = Draw(data, random.Random(seed))
    understand = Understand(data)
    grammar = build_grammar("en", data, read_selection("en"), home())
    commands: dict[str, Any] = {}
    while len(commands) < count:
        text = (draw.command() or "").casefold()
        if not re.fullmatch(r"[a-z' ]+", text) or text in commands:
            continue
        if (meant := understand(text)) is not None:
            commands[text] = meant
    return {"grammar": grammar.text, "commands": commands}


class Understand:
    """What Home Assistant would do with a text."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the intents."""
        self._known = Intents.from_dict(data)
        self._slots = {
            "name": TextSlotList.from_tuples(
                (name, name, {"domain": domain})
                for domain, names in NAMES.items()
                for name in names
            ),
            "area": TextSlotList.from_strings(AREAS),
            "floor": TextSlotList.from_strings([]),
        }

    def __call__(self, text: str) -> list[Any] | None:
        """Return intent and slots, None where it is understood as nothing."""
        found = recognize_best(
            text,
            self._known,
            slot_lists=self._slots,
            intent_context={"area": "kitchen"},
            language="en",
            best_slot_name="name",
        )
        if found is None:
            return None
        slots = {name: str(one.value).strip().casefold() for name, one in found.entities.items()}
        return [found.intent.name, dict(sorted(slots.items()))]


def main() -> None:
    """Print what is asked for."""
    if sys.argv[1] == "understand":
        understand = Understand(dict(get_intents("en") or {}))
        print(json.dumps([understand(text) if text else None for text in json.load(sys.stdin)]))
        return
    print(json.dumps(drawn(int(sys.argv[1]), int(sys.argv[2]))))


if __name__ == "__main__":
    main()
