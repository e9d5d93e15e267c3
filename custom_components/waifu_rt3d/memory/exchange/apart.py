"""Read a large file in a process of its own.

A hundred thousand messages are a million Python objects. To make them, and to look through them for
garbage again and again, stops every thread for up to a quarter of a second each time: Home Assistant
would stand still. Here they are made elsewhere and come in pieces of a moment each.
"""

from collections.abc import Iterator
import contextlib
from dataclasses import dataclass
from datetime import tzinfo
import json
from pathlib import Path
import pickle
import subprocess
import sys
from typing import IO, Any, Self

from ..bulk import Piece, pieces
from ..errors import BadImport, StoreError
from . import detect
from .growing import Foreign, ForeignCharacter

# A smaller file is read before another process has begun.
LARGE_BYTES = 1024 * 1024
_WAIT_S = 5

# The component's packages without the component's own start, which is Home Assistant's.
_CHILD = """
import importlib, json, os, sys, types
order = json.loads(sys.argv[1])
sys.path[:] = order["path"]
for name, folder in order["packages"].items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
os.nice(5)
importlib.import_module(order["module"]).serve(sys.stdin.buffer, sys.stdout.buffer)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Tell what a file holds, before its pieces."""

    kind: str
    messages: int
    characters: list[ForeignCharacter]
    guessed: str | None


class Reading:
    """Hold what a file says and its pieces, which come one by one; `close` it in the end.

    All of it blocks, so it is no work for the event loop.
    """

    def __init__(self, head: Head, found: Iterator[Piece], child: _Child | None = None) -> None:
        """Keep what is known, and the process that it comes from."""
        self.head = head
        self.pieces = found
        self._child = child

    @classmethod
    def begin(cls, source: Path, zone: tzinfo) -> Self:
        """Read a file, a large one elsewhere; raise `BadImport` with the place where it is broken."""
        if source.stat().st_size >= LARGE_BYTES:
            # No room for one more process, or none is allowed: then it is read here.
            with contextlib.suppress(OSError):
                child = _Child(source, zone)
                return cls(child.head(), child.pieces(), child)
        found = detect.read(source, zone=zone)
        return cls(_head(found), pieces(found.sessions))

    def close(self) -> None:
        """End the process, wherever it is."""
        if self._child is not None:
            self._child.close()


class _Child:
    """Run the process that reads."""

    def __init__(self, source: Path, zone: tzinfo) -> None:
        """Start it and say what to read."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD, json.dumps(_order())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What a program says when it breaks down may hold what people said.
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._out: IO[bytes] = self._process.stdout
        with contextlib.suppress(OSError), self._process.stdin as file:
            pickle.dump((source, zone), file)

    def head(self) -> Head:
        """Wait until the file is read."""
        try:
            found = self._next()
        except BaseException:
            self.close()
            raise
        assert isinstance(found, Head)
        return found

    def pieces(self) -> Iterator[Piece]:
        """Return one piece after the other."""
        while (found := self._next()) is not None:
            assert isinstance(found, Piece)
            yield found

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait(_WAIT_S)
        self._out.close()

    def _next(self) -> object:
        """Return the next word; raise what it says is wrong."""
        try:
            found = pickle.load(self._out)
        except (EOFError, pickle.UnpicklingError, ValueError) as error:
            raise BadImport("The file could not be read to its end: it may be too large") from error
        if isinstance(found, Exception):
            raise found
        return found


def _order() -> dict[str, Any]:
    """Return what the process needs to find this module."""
    root, _, _ = __name__.partition(".memory.")
    folder = Path(__file__).parents[2]
    packages: dict[str, str] = {}
    for name in reversed([root, *(root[:place] for place, sign in enumerate(root) if sign == ".")]):
        packages[name] = str(folder if name == root else folder.parent)
    return {"path": sys.path, "packages": packages, "module": __name__}


def serve(order: IO[bytes], out: IO[bytes]) -> None:
    """Read the file that is asked for, and write its head and pieces, or what is wrong."""
    source, zone = pickle.load(order)
    try:
        found = detect.read(source, zone=zone)
    except (StoreError, OSError) as error:
        pickle.dump(error, out)
        return
    pickle.dump(_head(found), out)
    for piece in pieces(found.sessions):
        pickle.dump(piece, out)
    pickle.dump(None, out)
    out.flush()


def _head(found: Foreign) -> Head:
    """Return what a file holds."""
    count = sum(len(one.messages) for one in found.sessions)
    return Head(kind=found.kind, messages=count, characters=found.characters, guessed=found.guessed)
