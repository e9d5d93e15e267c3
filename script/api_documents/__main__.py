"""Write the documents of the interface: `python -m api_documents [--check]`."""

import argparse
import json
from pathlib import Path
import sys

from custom_components.waifu_rt3d.const import VERSION

from .asyncapi import asyncapi
from .commands import commands, views
from .examples import examples
from .markdown import markdown
from .openapi import openapi

DOCS = Path(__file__).resolve().parents[2] / "docs"


def documents() -> dict[str, str]:
    """Return each document by the name of its file."""
    found, pages, shown = commands(), views(), examples()
    return {
        "api.md": markdown(found, pages, shown),
        "asyncapi.json": _json(asyncapi(found, shown, VERSION)),
        "openapi.json": _json(openapi(pages, VERSION)),
    }


def differing(folder: Path = DOCS) -> list[str]:
    """Return the files that are not what the code says."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def main() -> int:
    """Write the documents, or tell which ones differ."""
    parser = argparse.ArgumentParser(prog="script/api", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell what differs")
    if parser.parse_args().check:
        found = differing()
        for name in found:
            print(f"docs/{name} differs from the code: run script/api", file=sys.stderr)
        return 1 if found else 0
    for name, text in documents().items():
        (DOCS / name).write_text(text, "utf-8")
        print(f"docs/{name}: {len(text.splitlines())} lines")
    return 0


def _json(document: object) -> str:
    """Return a document as its file holds it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
