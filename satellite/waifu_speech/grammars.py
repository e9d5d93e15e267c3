"""Collect grammars that clients send in parts, and keep the last ones (contracts §3)."""

from collections import OrderedDict
import hashlib
from typing import Any, Final

from .errors import SpeechError
from .stt.template import MAX_DOCUMENT_BYTES, parse_document

MAX_PARTS: Final = 64
KEPT: Final = 8


class BadGrammarError(SpeechError):
    """The parts of a grammar do not make one."""


class GrammarStore:
    """The grammars of all clients by their hash."""

    def __init__(self) -> None:
        """Start empty."""
        self._documents: OrderedDict[str, str] = OrderedDict()

    def get(self, digest: str) -> str | None:
        """Return a document that was sent before."""
        return self._documents.get(digest)

    def add(self, digest: str, document: str) -> None:
        """Keep a checked document and forget the oldest."""
        self._documents[digest] = document
        while len(self._documents) > KEPT:
            self._documents.popitem(last=False)


class GrammarParts:
    """The parts of the grammar that one client is sending."""

    def __init__(self, store: GrammarStore) -> None:
        """Take where whole grammars are kept."""
        self._store = store
        self._digest = ""
        self._parts: list[str] = []

    def add(self, data: dict[str, Any]) -> str | None:
        """Take one part; return the hash when the grammar is whole and good."""
        digest, part, parts = str(data["hash"]), int(data["part"]), int(data["parts"])
        if self._store.get(digest) is not None:
            return digest
        if digest != self._digest:
            self._digest, self._parts = digest, []
        if not 0 < parts <= MAX_PARTS or part != len(self._parts):
            raise BadGrammarError("The parts of the grammar came in a wrong order")
        self._parts.append(str(data["json"]))
        if sum(map(len, self._parts)) > MAX_DOCUMENT_BYTES:
            raise BadGrammarError("The grammar is larger than one megabyte")
        if len(self._parts) < parts:
            return None
        return self._finish()

    def _finish(self) -> str:
        """Check and keep the whole document."""
        document = "".join(self._parts)
        self._parts = []
        if hashlib.sha256(document.encode()).hexdigest() != self._digest:
            raise BadGrammarError("The grammar does not have the hash that came with it")
        parse_document(document)
        self._store.add(self._digest, document)
        return self._digest
