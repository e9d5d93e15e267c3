"""Hold what is measured against the roadmap's own targets: `script/bench roadmap [--coverage FILE …]`.

Runs `script/bench presence` (the card in a real browser) and `script/bench turn` (a real Home Assistant,
speech server and satellite, with the demo's voice and ears and an instant model), and takes from them:
`ui_response_ms`, the later of waking and of showing that she thinks; `reply_ms`, from the end of speech
to the reply's words, and `speech_ms`, to its first sound at the loudspeaker. A model's own time comes on
top of the two. FILE is what `script/coverage --json FILE` wrote; without it that line is not measured.
Critical bugs that are open are the lines of docs/limits.md, *Open faults*, that say so, and tests that are
marked as known to fail; both are kept by hand, with each fault that is found and mended.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
import re
import subprocess
import sys
import tempfile

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "script" / "bench"
LIMITS = ROOT / "docs" / "limits.md"
TESTS = {
    "*.py": re.compile(r"pytest\.mark\.xfail|pytest\.xfail\("),
    "*.test.ts": re.compile(r"\.fails\("),
}
TURNS = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One target and what was measured."""

    wish: str
    key: str
    value: float | None
    target: float
    with_what: str
    more_is_better: bool = False

    @property
    def met(self) -> bool:
        """Return whether it is reached; what was not measured is not."""
        if self.value is None:
            return False
        if self.target == 0:
            return self.value == 0
        return self.value >= self.target if self.more_is_better else self.value < self.target

    def text(self) -> str:
        """Return the line of the table."""
        told = "not measured" if self.value is None else f"{self.value:g}"
        sign = "≥" if self.more_is_better else "<" if self.target else "="
        return f"{'ok  ' if self.met else 'MISS'} {self.wish:<34} {told:>12}   {sign} {self.target:<6g} {self.with_what}"


def measured(name: str, *words: str) -> dict[str, float]:
    """Run a benchmark, show what it says, and return its figures; none where it could not measure."""
    with tempfile.TemporaryDirectory(prefix="waifu-rt3d-roadmap-") as folder:
        report = Path(folder) / "figures.json"
        subprocess.run([BENCH, name, *words, "--json", report], check=False)
        return dict(json.loads(report.read_text())["figures"]) if report.is_file() else {}


def lines(
    presence: dict[str, float], turn: dict[str, float], shares: dict[str, float], critical: int
) -> list[Line]:
    """Return the table of what was measured."""
    ui = _all(presence, "wake_to_face_ms", "speech_end_to_thinking_ms", how=max)
    reply = _all(turn, "speech_end_to_text_ms", "provider_overhead_ms")
    speech = _all(turn, "speech_end_to_text_ms", "text_to_first_audio_ms")
    python = _all(shares, "component_share", "satellite_share", how=min)
    voice = "pocketsphinx, commands, espeak-ng"
    return [
        Line(wish="UI response (ms)", key="ui_response_ms", value=ui, target=100, with_what="card in Chromium"),
        Line(wish="reply (ms)", key="reply_ms", value=reply, target=2000, with_what=f"{voice}, instant model"),
        Line(wish="speech (ms)", key="speech_ms", value=speech, target=5000, with_what=voice),
        Line(
            wish="coverage of Python (share)",
            key="coverage_share",
            value=python,
            target=0.95,
            with_what="the smaller of component and satellite",
            more_is_better=True,
        ),
        Line(
            wish="open critical bugs",
            key="critical_bugs",
            value=critical,
            target=0,
            with_what="docs/limits.md, and tests known to fail",
        ),
    ]  # fmt: skip


def critical_bugs(limits: str, tests: list[Path]) -> int:
    """Return how many are told in the page of limits, or known by a test that fails."""
    _, _, faults = limits.partition("## Open faults")
    if not faults:
        raise ValueError("docs/limits.md has no part “Open faults”")
    known = [
        found
        for folder in tests
        for name, mark in TESTS.items()
        for path in folder.rglob(name)
        for found in mark.findall(path.read_text(encoding="utf-8"))
    ]
    return len(re.findall(r"^- \*\*critical\*\*", faults, re.MULTILINE)) + len(known)


def _all(
    figures: dict[str, float], *keys: str, how: Callable[[list[float]], float] = sum
) -> float | None:
    """Return figures put together, nothing where one of them is missing."""
    if any(key not in figures for key in keys):
        return None
    return round(how([figures[key] for key in keys]), 3)


def main(words: list[str]) -> int:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(prog="script/bench roadmap", description=__doc__)
    parser.add_argument("--coverage", type=Path, nargs="*", default=[], help="of script/coverage")
    args = parser.parse_args(words)
    shares: dict[str, float] = {}
    for report in args.coverage:
        shares |= json.loads(report.read_text())
    critical = critical_bugs(LIMITS.read_text(), [ROOT / "tests", ROOT / "lovelace" / "test"])
    table = lines(measured("presence"), measured("turn", TURNS), shares, critical)
    print()
    for line in table:
        print(line.text())
    print(json.dumps({line.key: line.value for line in table if line.value is not None}))
    return 0 if all(line.met for line in table if line.value is not None) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
