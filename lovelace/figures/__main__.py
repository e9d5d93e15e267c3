"""Build the figures: `python -m figures --out DIR [--only NAME]`."""

import argparse
from pathlib import Path
import sys

from figures import check, figure, parameters


def main() -> int:
    """Build, check and write each figure."""
    parser = argparse.ArgumentParser(prog="figures", description="Build the project's avatars.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the .vrm files")
    parser.add_argument("--only", choices=parameters.names(), help="build one figure")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in [args.only] if args.only else parameters.names():
        data = figure.build(parameters.load(name))
        (args.out / f"{name}.vrm").write_bytes(data)
        faults = check.faults(data)
        print(f"{name}: {check.summary(data)}")
        for fault in faults:
            print(f"{name}: {fault}", file=sys.stderr)
        failed = failed or bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
