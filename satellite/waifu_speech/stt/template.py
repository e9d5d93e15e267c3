"""Read grammar documents: sentences with options, lists and rules (contracts §3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
import json
import re
from typing import Final

from ..errors import SpeechError

MAX_DOCUMENT_BYTES: Final = 1024 * 1024
MAX_SENTENCES: Final = 4000
MAX_VALUES: Final = 10_000
MAX_DEPTH: Final = 24
MAX_BEFORE: Final = 16
_TOKEN: Final = re.compile(r"\s+|[\[\]()|]|\{[^{}\[\]()|<>]*\}|<[^{}\[\]()|<>]*>|[^\s\[\](){}|<>]+")


class GrammarError(SpeechError):
    """A grammar document is not one."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word."""

    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; an empty sequence among them makes it optional."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a list or a rule holds."""

    name: str
    """`{list}` or `<rule>`, with its brackets."""


type Node = Word | Sequence | Choice | Reference

NOTHING: Final = Sequence(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """A parsed document."""

    language: str
    sentences: tuple[Node, ...]
    definitions: Mapping[str, Node] = field(default_factory=dict)
    """Lists and rules by their bracketed names."""
    before: tuple[str, ...] = ()
    """Phrases whose end may be heard before a sentence: a room's wake words."""

    def words(self) -> set[str]:
        """Return every word that the grammar can hear."""
        nodes = [*self.sentences, *self.definitions.values()]
        return {word for node in nodes for word in _words(node)}


def parse_document(raw: str) -> Grammar:
    """Return the grammar of a document; raise one sentence for what is wrong."""
    if len(raw.encode()) > MAX_DOCUMENT_BYTES:
        raise GrammarError("The grammar is larger than one megabyte")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise GrammarError("The grammar is not JSON") from None
    if not isinstance(document, dict) or document.get("v") != 1:
        raise GrammarError("The grammar has a version that this server does not know")
    return _grammar(document)


def _grammar(document: dict[str, object]) -> Grammar:
    """Return the parsed document."""
    lists = _mapping(document, "lists")
    rules = _mapping(document, "rules")
    sentences = _strings(document.get("sentences"), "sentences")
    values = {name: _strings(items, f"list {name!r}") for name, items in lists.items()}
    if not sentences or len(sentences) > MAX_SENTENCES:
        raise GrammarError(f"A grammar has 1 to {MAX_SENTENCES} sentences")
    if sum(map(len, values.values())) > MAX_VALUES:
        raise GrammarError(f"The lists of a grammar have at most {MAX_VALUES} values")
    definitions: dict[str, Node] = {
        f"{{{name}}}": Choice(tuple(_spoken(value) for value in items))
        for name, items in values.items()
    }
    for name, template in rules.items():
        if not isinstance(template, str):
            raise GrammarError(f"The rule {name!r} is not a template")
        definitions[f"<{name}>"] = parse_template(template)
    grammar = Grammar(
        language=str(document.get("language", "en")),
        sentences=tuple(parse_template(sentence) for sentence in sentences),
        definitions=definitions,
        before=tuple(_strings(document.get("before", []), "phrases before")[:MAX_BEFORE]),
    )
    _check_references(grammar)
    return grammar


def parse_template(template: str) -> Node:
    """Return the tree of one template."""
    tokens = _TOKEN.findall(template)
    if "".join(tokens) != template:
        raise GrammarError(f"The template {template[:60]!r} has a bracket without its pair")
    parser = _Parser([token for token in tokens if not token.isspace()], template)
    node = parser.choice(0)
    if not parser.done:
        raise parser.error()
    return node


class _Parser:
    """Read the tokens of one template."""

    def __init__(self, tokens: list[str], template: str) -> None:
        self._tokens = tokens
        self._at = 0
        self._template = template

    @property
    def done(self) -> bool:
        """Return whether all tokens are read."""
        return self._at >= len(self._tokens)

    def error(self) -> GrammarError:
        """Return what to raise."""
        return GrammarError(f"The template {self._template[:60]!r} has a bracket without its pair")

    def choice(self, depth: int) -> Node:
        """Read alternatives until a closing bracket."""
        if depth > MAX_DEPTH:
            raise GrammarError(f"The template {self._template[:60]!r} is nested too deeply")
        items = [self._sequence(depth)]
        while not self.done and self._tokens[self._at] == "|":
            self._at += 1
            items.append(self._sequence(depth))
        return items[0] if len(items) == 1 else Choice(tuple(items))

    def _sequence(self, depth: int) -> Node:
        """Read what follows one another."""
        items: list[Node] = []
        while not self.done and self._tokens[self._at] not in {"|", ")", "]"}:
            token = self._tokens[self._at]
            self._at += 1
            if token in {"(", "["}:
                items.append(self._group(token, depth))
            elif token[0] in "{<":
                items.append(Reference(token))
            else:
                items.append(Word(token))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _group(self, opening: str, depth: int) -> Node:
        """Read a group up to its closing bracket."""
        inner = self.choice(depth + 1)
        if self.done or self._tokens[self._at] != {"(": ")", "[": "]"}[opening]:
            raise self.error()
        self._at += 1
        return Choice((inner, NOTHING)) if opening == "[" else inner


def _spoken(value: str) -> Node:
    """Return a list's value, in which brackets mean nothing."""
    return Sequence(tuple(Word(word) for word in value.split()))


def _words(node: Node) -> Iterator[str]:
    """Yield the words of a tree."""
    if isinstance(node, Word):
        yield node.text
    elif isinstance(node, Sequence | Choice):
        for item in node.items:
            yield from _words(item)


def references(node: Node) -> Iterator[str]:
    """Yield the lists and rules that a tree names."""
    if isinstance(node, Reference):
        yield node.name
    elif isinstance(node, Sequence | Choice):
        for item in node.items:
            yield from references(item)


def _check_references(grammar: Grammar) -> None:
    """Refuse unknown names and rules that contain themselves."""
    open_names: list[str] = []
    closed: set[str] = set()

    def visit(name: str) -> None:
        if name in closed:
            return
        if name not in grammar.definitions:
            raise GrammarError(f"The grammar names {name} but does not define it")
        if name in open_names or len(open_names) > MAX_DEPTH:
            raise GrammarError(f"The rule {name} contains itself")
        open_names.append(name)
        for inner in references(grammar.definitions[name]):
            visit(inner)
        open_names.pop()
        closed.add(name)

    for node in (*grammar.sentences, *grammar.definitions.values()):
        for name in references(node):
            visit(name)


def _mapping(document: dict[str, object], field_name: str) -> dict[str, object]:
    """Return an object of the document."""
    value = document.get(field_name, {})
    if not isinstance(value, dict):
        raise GrammarError(f"The grammar's {field_name} are not an object")
    return value


def _strings(value: object, what: str) -> list[str]:
    """Return a list of strings of the document."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise GrammarError(f"The grammar's {what} are not a list of texts")
    return value
