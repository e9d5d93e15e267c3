"""Watch whether a program tries to leave this machine."""

from collections.abc import Mapping
import os
from pathlib import Path

_HOOK = Path(__file__).parent / "outbound_hook"
_ENDING = ".outbound"
_SELF = "watching "


def watched(environment: Mapping[str, str], log: Path) -> dict[str, str]:
    """Return an environment in which Python writes down what it tries to reach, beside a log."""
    paths = [str(_HOOK), environment.get("PYTHONPATH", "")]
    return {
        **environment,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "WAIFU_RT3D_OUTBOUND": str(log.with_suffix(_ENDING)),
    }


def watching(folder: Path) -> list[str]:
    """Return the programs that were watched, by the names of their logs."""
    return sorted(
        path.stem for path in folder.rglob(f"*{_ENDING}") if _SELF in path.read_text("utf-8")
    )


def attempts(folder: Path) -> list[str]:
    """Return every attempt of ours to leave this machine, and every name that was looked up."""
    return [
        f"{path.stem}: {line}"
        for path in sorted(folder.rglob(f"*{_ENDING}"))
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith(_SELF) and (len(line.split()) > 2 or "getaddrinfo" in line)
    ]
