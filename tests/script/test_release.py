"""A release: the versions agree, the changelog speaks, and the archive holds what HACS unpacks."""

import json
from pathlib import Path
import re
import zipfile

import pytest
import release_files

ROOT = Path(__file__).resolve().parents[2]


def told_version(name: str, before: str) -> str:
    """Return the version that a file tells."""
    found = re.search(before + r'(")', (ROOT / name).read_text(encoding="utf-8"))
    assert found is not None, name
    return found[0][len(found[1]) : -1]


def test_every_file_tells_the_same_version() -> None:
    """A release writes all of them; nobody else does."""
    told = {
        name: told_version(name, before) for name, before in release_files.VERSION_PLACES.items()
    }
    assert len(set(told.values())) == 1, told


def test_changelog_speaks_of_the_version() -> None:
    """Who sees a new version in HACS can read what it brings."""
    manifest = json.loads((release_files.COMPONENT / "manifest.json").read_text())
    assert release_files.notes_of(manifest["version"])


@pytest.mark.parametrize("version", ["0.9", "v1.2.3", "1.2.3;rm", "9.9.9"])
def test_unknown_version_is_refused_in_a_sentence(
    version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written for a version that is none, or of which nobody wrote."""
    before = (release_files.COMPONENT / "manifest.json").read_bytes()
    assert release_files.main(["version", version]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert (release_files.COMPONENT / "manifest.json").read_bytes() == before


def test_archive_is_what_hacs_unpacks(tmp_path: Path) -> None:
    """The component's contents alone, the same bytes each time."""
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    release_files.write_archive(first)
    release_files.write_archive(second)
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert {"manifest.json", "__init__.py", "translations/en.json"} <= set(names)
    assert not [
        name for name in names if "__pycache__" in name or name.endswith((".pyc", ".stamp"))
    ]
