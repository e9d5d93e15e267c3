"""What must not stand in a tracked file."""

from pathlib import Path
import re

import pytest

from .rules import ROOT, named, tracked_files

BINARY = {
    ".png",
    ".jpg",
    ".webm",
    ".webp",
    ".wav",
    ".onnx",
    ".tflite",
    ".vrm",
    ".glb",
    ".ico",
    ".gz",
}
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:root|work|home/[a-z]{2,})/[\w.]")
# A package file under an address is what a lock of uv or npm writes for its registry.
REGISTRY_ADDRESS = re.compile(r"https?://[^\s\"']+\.(?:whl|tgz|tar\.gz)\b|\"resolved\": *\"https?:")


def _texts() -> list[tuple[Path, str]]:
    return [
        (path, path.read_text(encoding="utf-8"))
        for path in tracked_files()
        if path.suffix not in BINARY and path.name != Path(__file__).name
    ]


def _own_hosts() -> set[str]:
    """Return the package hosts that this machine is set up with."""
    sources = [Path("/etc/apt/sources.list"), *Path("/etc/apt").glob("sources.list.d/*")]
    text = "".join(path.read_text(errors="replace") for path in sources if path.is_file())
    return set(re.findall(r"https?://([\w.-]+)", text)) - {"deb.debian.org"}


def test_no_path_of_a_machine() -> None:
    """Nobody else has that folder."""
    found = [
        f"{named(path)}: {match.group()}"
        for path, text in _texts()
        if (match := MACHINE_PATH.search(text))
    ]
    assert found == []


def test_no_registry_address() -> None:
    """A lock with addresses works only where that registry is reachable."""
    hosts = _own_hosts()
    found = [
        named(path)
        for path, text in _texts()
        if REGISTRY_ADDRESS.search(text) or any(host in text for host in hosts)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["component.txt", "satellite.txt"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    """What is installed is what was locked."""
    lock = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    entries = re.findall(
        r"^[A-Za-z0-9][^\n]*==[^\n]*\\\n((?:    --hash=[^\n]+\n?)+)", lock, re.MULTILINE
    )
    pins = re.findall(r"^[A-Za-z0-9][\w.\[\]-]*==", lock, re.MULTILINE)
    assert pins
    assert len(entries) == len(pins)


def test_card_lock_holds_integrity_only() -> None:
    """Whichever registry is set up, npm checks what it fetches."""
    lock = ROOT / "lovelace" / "package-lock.json"
    text = lock.read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text
