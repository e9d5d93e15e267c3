"""Count what the words of distress miss, and whom they alarm for nothing, on labelled sentences."""

import json
from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pure_parts

pure_parts.load()

from waifu_rt3d.characters import distress  # type: ignore[import-not-found]  # noqa: E402 - made above

_SENTENCES = Path(__file__).resolve().parents[2] / "tests/component/characters/distress.json"


def main() -> int:
    """Print each wrong sentence; the last line is JSON."""
    figures: dict[str, int] = {}
    for language, kinds in json.loads(_SENTENCES.read_text(encoding="utf-8")).items():
        missed = [text for text in kinds["alarm"] if not distress.is_distress(text)]
        alarmed = [text for text in kinds["ordinary"] if distress.is_distress(text)]
        print(f"{language}: {len(missed)} of {len(kinds['alarm'])} missed")
        print(f"{language}: {len(alarmed)} of {len(kinds['ordinary'])} ordinary ones alarm")
        for text in (*missed, *alarmed):
            print(f"    {text}")
        figures |= {f"missed_{language}": len(missed), f"false_alarms_{language}": len(alarmed)}
    print(json.dumps(figures))
    return 1 if any(figures.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
