"""Run the card's own measurements in Chromium."""

import json
import os
from pathlib import Path
import subprocess
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
AVATARS = ROOT / "custom_components" / "waifu_rt3d" / "frontend" / "avatars"
FIGURES = ("companion", "steward", "spirit")
_LIMIT_S = 300


class NotMeasuredError(Exception):
    """The browser gave nothing; the message is one sentence."""


def built_figures() -> list[str]:
    """Return the files of our own figures."""
    paths = [AVATARS / f"{name}.vrm" for name in FIGURES]
    if missing := [path.name for path in paths if not path.is_file()]:
        raise NotMeasuredError(f"{missing[0]} is not built: run script/build.")
    return list(map(str, paths))


def measured(*words: str) -> Any:
    """Return the JSON that `bin/measure.mjs` prints."""
    if not Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).exists():
        raise NotMeasuredError("There is no Chromium: apt install chromium, or set CHROMIUM.")
    answer = subprocess.run(
        ["node", "bin/measure.mjs", *words],
        cwd=ROOT / "lovelace",
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    if answer.returncode:
        reason = next((line for line in answer.stderr.splitlines() if "rror" in line), "no reason")
        raise NotMeasuredError(f"Chromium measured nothing: {reason.strip()}")
    return json.loads(answer.stdout)


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile; the value itself where there is one only."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]
