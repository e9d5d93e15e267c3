"""Show the three outputs of the markup for a text: what is shown, what is spoken, and the cues."""

import argparse
import json
from pathlib import Path
import sys
from typing import Any

import pure_parts

pure_parts.load()

from waifu_rt3d.stage.markup import MarkupParser, Piece  # noqa: E402 - the package is made above


def main() -> int:
    """Read the text, parse it in pieces, print the outcome."""
    options = _options()
    try:
        text = _read(options.file)
    except (OSError, UnicodeDecodeError) as error:
        print(f"error: {options.file} can't be read: {error}", file=sys.stderr)
        return 1
    outcome = parse(text, options.chunk)
    print(json.dumps(outcome, ensure_ascii=False) if options.json else _told(outcome))
    return 0


def _options() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="script/markup", description=__doc__)
    parser.add_argument("file", metavar="FILE", help="a text file, or - for the standard input")
    parser.add_argument("--chunk", type=_count, metavar="N", help="feed N characters at a time")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def _count(text: str) -> int:
    """Return a number of characters."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a chunk has at least one character")
    return number


def _read(name: str) -> str:
    """Return the text of a file or of the standard input."""
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    return raw.decode()


def parse(text: str, chunk: int | None) -> dict[str, Any]:
    """Return the joined outputs of a text that comes in pieces."""
    parser = MarkupParser()
    size = chunk or max(1, len(text))
    pieces: list[Piece] = [parser.feed(text[i : i + size]) for i in range(0, len(text), size)]
    pieces.append(parser.finish())
    return {
        "display": "".join(piece.display for piece in pieces),
        "speech": "".join(piece.speech for piece in pieces),
        "cues": [
            {"kind": cue.kind, "name": cue.name, "intensity": cue.intensity, "offset": cue.offset}
            for piece in pieces
            for cue in piece.cues
        ],
    }


def _told(outcome: dict[str, Any]) -> str:
    """Return the outcome for a reader."""
    cues = [
        f"  {c['offset']:>4}  {c['kind']} {c['name']} {c['intensity']}" for c in outcome["cues"]
    ]
    return "\n".join(["display:", outcome["display"], "speech:", outcome["speech"], "cues:", *cues])


if __name__ == "__main__":
    raise SystemExit(main())
