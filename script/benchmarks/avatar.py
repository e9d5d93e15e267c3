"""Measure what the figures cost in a browser: `script/bench avatar [FILE.vrm …]`.

Software WebGL draws here where no graphics card is: frames per second are then those of the
processor, and only the times of our own code compare with other machines.
"""

import json
from pathlib import Path
import sys

from mouth.browser import NotMeasuredError, built_figures, measured, percentile

LIMITS_KB = {"chunk_3d_gz_kb": 230.0, "loader_gz_kb": 40.0}


def main(words: list[str]) -> int:
    """Print the figures; the last line is JSON."""
    if missing := [word for word in words if not Path(word).is_file()]:
        print(f"error: There is no file {missing[0]}.", file=sys.stderr)
        return 2
    try:
        costs = measured("cost", *built_figures(), *(str(Path(word).resolve()) for word in words))
        sizes = measured("sizes")
    except NotMeasuredError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    print(
        f"{'':<18} {'load ms':>8} {'first ms':>9} {'update ms':>15} {'render ms':>15}"
        f" {'fps':>6} {'calls':>6} {'triangles':>10}"
    )
    broken = {name: costs.pop(name)["problem"] for name in [*costs] if "problem" in costs[name]}
    for name, cost in costs.items():
        update, render = cost["update_ms"], cost["render_ms"]
        print(
            f"{name:<18} {cost['load_ms']:>8.0f} {cost['first_frame_ms']:>9.0f}"
            f" {percentile(update, 50):>7.2f} {percentile(update, 95):>7.2f}"
            f" {percentile(render, 50):>7.2f} {percentile(render, 95):>7.2f}"
            f" {cost['fps']:>6.1f} {cost['draw_calls']:>6} {cost['triangles']:>10}"
        )
    if not costs:
        print("error: None of our own figures can be shown: run script/build.", file=sys.stderr)
        return 2
    first = next(iter(costs.values()))
    figures = {
        "load_ms": round(first["load_ms"], 1),
        "first_frame_ms": round(first["first_frame_ms"], 1),
        "update_cpu_ms": round(percentile(first["update_ms"], 50), 3),
        "render_cpu_ms": round(percentile(first["render_ms"], 50), 3),
        "fps": round(first["fps"], 1),
        "chunk_3d_gz_kb": round(sizes["chunk_3d"], 1),
        "loader_gz_kb": round(sizes["loader"], 1),
    }
    for name, limit in LIMITS_KB.items():
        print(f"{name:<18} {figures[name]:>8.1f}   limit {limit:.0f}")
    for name, problem in broken.items():
        print(f"error: {name} can't be shown: {problem}", file=sys.stderr)
    print(json.dumps(figures))
    return (
        0 if not broken and all(figures[name] <= limit for name, limit in LIMITS_KB.items()) else 1
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
