"""A character card as it was written: nothing in it is lost, whatever its version."""

from collections.abc import Mapping
import copy
from dataclasses import dataclass, field, replace
from enum import StrEnum
import json
from typing import Any

from .errors import CardError, CardProblem
from .foreign import translated
from .json_text import read_json

MAX_JSON = 4 * 1024 * 1024
"""Longest card text, in bytes."""
_MAX_DEPTH = 60


class Spec(StrEnum):
    """The versions of the format."""

    V1 = "v1"
    V2 = "chara_card_v2"
    V3 = "chara_card_v3"


_V1_FIELDS = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
_V2_TEXTS = (
    "creator_notes", "system_prompt", "post_history_instructions", "creator", "character_version",
)  # fmt: skip
_FROM_V1 = "waifu_rt3d/v1"
"""Extension that keeps what a V1 card had beside its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card with the picture and the files it came with."""

    spec: Spec
    raw: Mapping[str, Any]
    """The whole JSON document, with keys nobody here knows."""
    image: bytes | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict)
    """Files of its archive by path."""

    @property
    def data(self) -> Mapping[str, Any]:
        """Return where the fields are."""
        return self.raw if self.spec is Spec.V1 else self.raw["data"]

    def text(self, name: str) -> str:
        """Return a text field, empty when it is missing or no text."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, without what is none."""
        value = self.data.get(name)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()

    @property
    def name(self) -> str:
        """Return the name of the character."""
        return self.text("name").strip()

    @property
    def called(self) -> str:
        """Return what `{{char}}` means: the nickname where there is one."""
        return self.text("nickname").strip() or self.name

    @property
    def greetings(self) -> tuple[str, ...]:
        """Return the first message and its alternatives."""
        return tuple(t for t in (self.text("first_mes"), *self.texts("alternate_greetings")) if t)

    @property
    def book(self) -> Mapping[str, Any] | None:
        """Return the lorebook as it is written."""
        book = self.data.get("character_book")
        return book if isinstance(book, dict) else None

    @property
    def avatar(self) -> tuple[str, bytes] | None:
        """Return name and bytes of a VRM that came with it."""
        return next(
            ((path, data) for path, data in self.assets.items() if path.lower().endswith(".vrm")),
            None,
        )

    def to_json(self) -> str:
        """Return the document as text."""
        return json.dumps(self.raw, ensure_ascii=False, indent=2)

    def as_spec(self, spec: Spec) -> Card:
        """Return the card in another version; fields that a version lacks go along as they are."""
        if spec is self.spec:
            return self
        if spec is Spec.V1:
            return replace(self, spec=spec, raw=copy.deepcopy(dict(self.data)))
        version = "2.0" if spec is Spec.V2 else "3.0"
        data = _from_v1(self.raw) if self.spec is Spec.V1 else copy.deepcopy(dict(self.data))
        if spec is Spec.V3:
            data.setdefault("group_only_greetings", [])
        around = {} if self.spec is Spec.V1 else {k: v for k, v in self.raw.items() if k != "data"}
        raw = {**around, "spec": spec.value, "spec_version": version, "data": data}
        return replace(self, spec=spec, raw=raw)


def _from_v1(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a V2 card made of a V1 card."""
    known = {*_V1_FIELDS, *_V2_TEXTS, "alternate_greetings", "tags", "character_book", "extensions"}
    data: dict[str, Any] = dict.fromkeys((*_V1_FIELDS, *_V2_TEXTS), "")
    data |= {"alternate_greetings": [], "tags": [], "extensions": {}}
    data |= {name: copy.deepcopy(value) for name, value in raw.items() if name in known}
    rest = {name: copy.deepcopy(value) for name, value in raw.items() if name not in known}
    if rest and isinstance(data["extensions"], dict):
        data["extensions"] = {**data["extensions"], _FROM_V1: rest}
    return data


def card_from_json(text: str | bytes) -> Card:
    """Return the card in a JSON document."""
    if len(text) > MAX_JSON:
        raise CardError(CardProblem.TEXT_TOO_LONG)
    try:
        raw = read_json(text)
    except RecursionError as error:
        raise CardError(CardProblem.TOO_DEEP) from error
    except ValueError as error:
        raise CardError(CardProblem.NOT_JSON) from error
    return card_from(raw)


def card_from(raw: object) -> Card:
    """Return the card of a JSON value."""
    if not isinstance(raw, dict):
        raise CardError(CardProblem.NO_OBJECT)
    if _depth(raw) > _MAX_DEPTH:
        raise CardError(CardProblem.TOO_DEEP)
    if raw.get("spec") is None and (made := translated(raw)) is not None:
        raw = made
    card = Card(spec=_spec(raw), raw=raw)
    if not card.name:
        raise CardError(CardProblem.NO_NAME)
    return card


def _spec(raw: Mapping[str, Any]) -> Spec:
    """Return the version of a document."""
    spec = raw.get("spec")
    if spec is None and not isinstance(raw.get("data"), dict):
        if not any(isinstance(raw.get(name), str) for name in _V1_FIELDS[1:]):
            raise CardError(CardProblem.NO_CARD)
        return Spec.V1
    if spec is None:
        # some programs forget to say it
        return Spec.V3 if "group_only_greetings" in raw["data"] else Spec.V2
    if spec not in {Spec.V2, Spec.V3}:
        raise CardError(CardProblem.UNKNOWN_VERSION, str(spec)[:40])
    if not isinstance(raw.get("data"), dict):
        raise CardError(CardProblem.NO_DATA)
    major = str(raw.get("spec_version", "")).partition(".")[0]
    if major.isdigit() and int(major) > int(spec[-1]):
        raise CardError(CardProblem.FUTURE_VERSION)
    return Spec(spec)


def _depth(value: object) -> int:
    """Return how deeply a JSON value is nested."""
    level: list[object] = [value]
    for depth in range(_MAX_DEPTH + 2):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return depth
    return _MAX_DEPTH + 1
