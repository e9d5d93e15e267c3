"""The files of a release: `release_files.py version|pack VERSION [--out DIR]`. Run it by `script/release`."""

import argparse
import hashlib
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import zipfile

ROOT = Path(__file__).resolve().parents[1]
COMPONENT = ROOT / "custom_components" / "waifu_rt3d"
ARCHIVE = "waifu_rt3d.zip"
"""The name that hacs.json tells HACS to fetch."""
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
VERSION_PLACES = {
    "custom_components/waifu_rt3d/manifest.json": r'("version": ")[^"]+',
    "custom_components/waifu_rt3d/const.py": r'(VERSION: Final = ")[^"]+',
    "deploy/waifu_speech/config.yaml": r'(?m)(^version: ")[^"]+',
    "satellite/pyproject.toml": r'(?m)(^version = ")[^"]+',
    "satellite/waifu_speech/__init__.py": r'(VERSION: Final = ")[^"]+',
    "satellite/waifu_satellite/__init__.py": r'(VERSION: Final = ")[^"]+',
    "lovelace/package.json": r'("version": ")[^"]+',
    "lovelace/package-lock.json": r'("name": "[^"]+",\s+"version": ")[^"]+',
}
"""Each file that tells the version, and what stands before it."""
# A zip knows no earlier day; one date for all files makes equal trees equal archives.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"__pycache__", ".stamp"}


class ReleaseError(Exception):
    """A release can't be made; the message is one sentence for people."""


def main(words: list[str]) -> int:
    """Do one step of a release and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/release", description="Make a release.")
    parser.add_argument("step", choices=("version", "pack"))
    parser.add_argument("version")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    args = parser.parse_args(words)
    try:
        notes = notes_of(args.version)
        if args.step == "version":
            write_version(args.version)
        else:
            pack(args.version, notes, args.out)
    except ReleaseError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    return 0


def notes_of(version: str) -> str:
    """Return what the changelog says of a version."""
    if not VERSION.fullmatch(version):
        raise ReleaseError(f"{version} is no version; write one like 1.2.3 or 1.2.3b1.")
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^## {re.escape(version)}\b[^\n]*\n(.*?)(?=^## |\Z)", text)
    if found is None or not found[1].strip():
        raise ReleaseError(f"CHANGELOG.md says nothing of {version}; add a section '## {version}'.")
    return found[1].strip() + "\n"


def write_version(version: str) -> None:
    """Write the version into every file that tells it."""
    for name, before in VERSION_PLACES.items():
        path = ROOT / name
        text, count = re.subn(
            before, lambda found: found[1] + version, path.read_text("utf-8"), count=1
        )
        if count == 0:
            raise ReleaseError(f"{name} tells no version any more.")
        path.write_text(text, encoding="utf-8")


def pack(version: str, notes: str, out: Path) -> None:
    """Write archive, wheel, sums and notes into a folder, and say what is in it."""
    if not (COMPONENT / "frontend" / "waifu-rt3d-card.js").is_file():
        raise ReleaseError("The card is not built; run script/release, which builds it.")
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("waifu_*"):
        old.unlink()
    write_archive(out / ARCHIVE)
    build_wheel(out)
    made = sorted(path for path in out.glob("waifu_*") if path.suffix in {".zip", ".whl"})
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    (out / "SHA256SUMS").write_text("".join(sums))
    (out / "NOTES.md").write_text(notes, encoding="utf-8")
    for path in made:
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    print(f"==> release {version}: {out}")


def write_archive(target: Path) -> None:
    """Write the component's own folder as HACS unpacks it: its contents, without the folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(COMPONENT.rglob("*")):
            name = path.relative_to(COMPONENT)
            if path.is_file() and not _LEFT_OUT & set(name.parts):
                info = zipfile.ZipInfo(name.as_posix(), _ZIP_DATE)
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)


def build_wheel(out: Path) -> None:
    """Build the satellite's wheel."""
    # what an earlier build left there would be packed again, also when its source is gone
    shutil.rmtree(ROOT / "satellite" / "build", ignore_errors=True)
    uv = os.environ.get("UV", "uv")
    command = [uv, "build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", str(out)]
    if subprocess.run([*command, str(ROOT / "satellite")], check=False).returncode:
        raise ReleaseError("The satellite's wheel could not be built; uv says why above.")
    shutil.rmtree(ROOT / "satellite" / "build", ignore_errors=True)
    (out / ".gitignore").unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
