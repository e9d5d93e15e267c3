"""Measure the card: tap to recording, key and word to the screen, a long talk, sleep, memory.

The house answers at once here, so that the figures are the card's own. Cold is a page that has never
asked for the microphone. `scroll_work_ms` is the page's own work for each frame of reading upwards (CDP's
task time, the drawing process apart); how long such a frame takes in all is printed beside it.
"""

from collections.abc import Sequence
import json
from pathlib import Path
import subprocess
import sys
from typing import Any

from mouth.browser import ROOT, NotMeasuredError, built_figures, percentile

from benchmarks.proofs import print_bullets
from benchmarks.proofs.card import BULLETS

_LIMIT_S = 900


def main() -> int:
    """Print the figures; the last line is JSON."""
    try:
        found = _measured(built_figures()[0])
    except NotMeasuredError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    recording, long, asleep = found["recording"], found["long"], found["asleep"]
    rows = [
        ("tap_to_recording_ms", recording["warm"], 100.0),
        ("tap_to_recording_cold_ms", recording["cold"], 300.0),
        ("light_before_recording", [recording["early"]], 0.0),
        ("microphone_closed_ms", [recording["closed_ms"]], 11_000.0),
        ("key_to_character_ms", found["key"], 50.0),
        ("delta_to_paint_ms", found["delta"], 50.0),
        ("first_paint_ms", [each["paint_ms"] for each in found["first"]], 300.0),
        ("painted_after_3d", [float(each["before_3d_ms"] < 0) for each in found["first"]], 0.0),
        ("open_10k_ms", [long["open_ms"]], 300.0),
        ("scroll_work_ms", [long["work_ms"]], 16.7),
        ("idle_cpu_share", [asleep["share"]], 0.02),
        ("idle_frames_per_s", [asleep["frames_per_s"]], 0.5),
        ("heap_growth_mb", [found["heap_growth_mb"]], 1.0),
    ]
    print(f"{'':<26} {'p50':>9} {'p95':>9}   target")
    for key, values, target in rows:
        print(f"{key:<26} {_told(values, 50):>9} {_told(values, 95):>9}   {target:g}")
    frames = long["frames"]
    print(
        f"read upwards: {long['shown']} messages; a frame each {_told(frames, 50)} ms, 95 %"
        f" {_told(frames, 95)} ms, drawn by the processor where no graphics card is"
    )
    figures = {key: round(percentile(values, 50), 4) for key, values, _ in rows}
    whole = print_bullets(BULLETS, figures)
    print(json.dumps(figures))
    return 0 if whole and all(figures[key] <= target for key, _, target in rows) else 1


def _told(values: Sequence[float], percent: int) -> str:
    """Return a percentile as people read it."""
    return f"{percentile(list(values), percent):.4g}"


def _measured(figure: str) -> Any:
    """Return the JSON that `bin/card-bench.mjs` prints."""
    if not (ROOT / "lovelace" / "dist" / "waifu-rt3d-card.js").is_file():
        raise NotMeasuredError("The card is not built: run script/build.")
    answer = subprocess.run(
        ["node", "bin/card-bench.mjs", str(Path(figure))],
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


if __name__ == "__main__":
    raise SystemExit(main())
