"""Show a character card, or convert it to another kind of file."""

import argparse
from dataclasses import asdict
import json
from pathlib import Path
import sys
from typing import Any

import pure_parts

pure_parts.load()

from waifu_rt3d.characters.cards.card import Card, Spec  # noqa: E402 - the package is made above
from waifu_rt3d.characters.cards.errors import CardError  # noqa: E402 - as above
from waifu_rt3d.characters.cards.files import losses, read_card, write_card  # noqa: E402 - as above
from waifu_rt3d.characters.lorebook_files import read_lorebook  # noqa: E402 - as above

_SPECS = {"v1": Spec.V1, "v2": Spec.V2, "v3": Spec.V3}


def main() -> int:
    """Do what the command line asks."""
    options = _options()
    try:
        return _show(options) if options.command == "show" else _convert(options)
    except CardError as error:
        print(f"error: {error}", file=sys.stderr)
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
    return 1


def _options() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="script/card", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="tell what is in a card")
    show.add_argument("file", type=Path)
    show.add_argument("--json", action="store_true", help="print one JSON object")
    convert = commands.add_parser(
        "convert", help="write a card as another kind of file, by its ending"
    )
    convert.add_argument("source", type=Path, metavar="IN")
    convert.add_argument("target", type=Path, metavar="OUT")
    convert.add_argument("--spec", choices=_SPECS)
    return parser.parse_args()


def _show(options: argparse.Namespace) -> int:
    """Print a card."""
    data = options.file.read_bytes()
    try:
        told = about(read_card(data))
    except CardError:
        told = _about_lorebook(data)
        if told is None:
            raise
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for name, value in told.items():
        print(f"{name:>12}: {value if not isinstance(value, dict) else ', '.join(value)}")
    return 0


def _about_lorebook(data: bytes) -> dict[str, Any] | None:
    """Return what is in a lorebook that stands alone, `None` when it is none."""
    try:
        book = read_lorebook(data)
    except CardError:
        return None
    return {
        "spec": "lorebook",
        "scan_depth": book.scan_depth,
        "token_budget": book.budget_tokens,
        "recursive": book.recursive,
        "lore_entries": len(book.entries),
        "entries": [asdict(entry) for entry in book.entries],
    }


def about(card: Card) -> dict[str, Any]:
    """Return what is in a card."""
    book = card.book or {}
    entries = book.get("entries")
    return {
        "spec": card.spec.value,
        "name": card.name,
        "nickname": card.text("nickname"),
        "greetings": len(card.greetings),
        "tags": list(card.texts("tags")),
        "lore_entries": len(entries) if isinstance(entries, list | dict) else 0,
        "assets": sorted(card.assets),
        "avatar": card.avatar[0] if card.avatar else None,
        "card": dict(card.raw),
    }


def _convert(options: argparse.Namespace) -> int:
    """Write a card as another file; nothing is written when it fails."""
    card = read_card(options.source.read_bytes())
    data = write_card(card, options.target.suffix, _SPECS.get(options.spec))
    options.target.write_bytes(data)
    if lost := losses(card, options.target.suffix):
        print(f"note: {options.target.name} has no place for {', '.join(lost)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
