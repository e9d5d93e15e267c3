"""Measure how soon she shows what happens: from the card's knowledge to the frame that shows it.

The way to the card (wake word to envelope) is the satellite's and the house's part, measured by
their benchmarks; add it to compare with the targets.
"""

import json
import sys

from mouth.browser import NotMeasuredError, built_figures, measured, percentile

KEYS = {
    "wake_to_face_ms": ("wake_ms", 250.0),
    "speech_end_to_thinking_ms": ("thinking_ms", 150.0),
    "barge_in_to_shut_ms": ("shut_ms", 100.0),
}


def main() -> int:
    """Print the figures; the last line is JSON."""
    try:
        found = measured("presence", built_figures()[0])
    except NotMeasuredError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    print(f"{'in the card alone':<28} {'p50':>7} {'max':>7}   target")
    figures = {}
    for key, (name, target) in KEYS.items():
        figures[key] = round(percentile(found[name], 50), 1)
        print(f"{key:<28} {figures[key]:>7.0f} {max(found[name]):>7.0f}   {target:.0f}")
    print(json.dumps(figures))
    return 0 if all(figures[key] <= target for key, (_, target) in KEYS.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
