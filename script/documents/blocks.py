"""Blocks of commands in the documentation: what a reader would type, and why some are not tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import re
import textwrap

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(
    r"(?:<!-- (?:not run: (?P<reason>.+?)|ended at: (?P<last_words>.+?)|with a stand-in: (?P<stand_in>.+?))"
    r" -->\s*\n)?"
    r"^(?P<indent> *)```console\n(?P<body>.*?)^ *```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Commands that stand together; `reason` says why they can't be tried by a machine.

    What stays up until somebody ends it is ended by Ctrl-C when it has said its `last_words`. What would
    fetch models from the internet asks a hub on this machine; `stand_in` says so.
    """

    page: str
    line: int
    commands: str
    reason: str | None
    last_words: str | None = None
    stand_in: str | None = None

    @property
    def place(self) -> str:
        """Return where it stands."""
        return f"{self.page}:{self.line}"


def pages(root: Path = ROOT) -> list[Path]:
    """Return every page that people read."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").glob("*.md"))]


def blocks(root: Path = ROOT) -> Iterator[Block]:
    """Yield the blocks of all pages."""
    for path in pages(root):
        text = path.read_text("utf-8")
        for found in _BLOCK.finditer(text):
            yield Block(
                page=path.relative_to(root).as_posix(),
                line=text.count("\n", 0, found.start("body")),
                commands=textwrap.dedent(found["body"]),
                reason=found["reason"],
                last_words=found["last_words"],
                stand_in=found["stand_in"],
            )
