"""Measure sound against picture in Chromium: the mouth's place against the sample that is heard.

The card's own player plays a sound whose level tells the place in it. A tap before the loudspeaker
reads the level, the mouth's place is noted in every frame in which a flat mouth is written, and
the browser tells which sample leaves at that moment. The lead of the mouth is taken out.
"""

import json
import sys

from mouth.browser import NotMeasuredError, built_figures, measured, percentile

MEDIAN_MS = 20.0
P95_MS = 45.0
LEAST_FPS = 50.0


def main() -> int:
    """Print the figures; the last line is JSON."""
    try:
        found = measured("skew")
        figure = measured("cost", built_figures()[0])
    except NotMeasuredError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    errors = [abs(error) for error in found["errors_ms"]]
    fps = next(iter(figure.values()))["fps"]
    figures = {
        "skew_median_ms": round(percentile(errors, 50), 2),
        "skew_p95_ms": round(percentile(errors, 95), 2),
        "skew_max_ms": round(max(errors), 2),
        "patch_fps": round(found["fps"], 1),
        "figure_fps": round(fps, 1),
        "output_latency_ms": round(found["latency_ms"], 1),
    }
    for name, value in figures.items():
        print(f"{name:<20} {value:>8.2f}")
    # A picture that is drawn later is late by half a frame more.
    print(f"with the figure, half a frame more: {500 / fps:.0f} ms")
    print(json.dumps(figures))
    met = figures["skew_median_ms"] <= MEDIAN_MS and figures["skew_p95_ms"] <= P95_MS
    return 0 if met and figures["patch_fps"] >= LEAST_FPS else 1


if __name__ == "__main__":
    raise SystemExit(main())
