"""Files and functions that can be read at one go."""

from .rules import files_under, functions_of, named, tracked_files

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
VAGUE_NAMES = {"utils", "util", "helpers", "manager", "common", "misc"}
SOURCES = ("custom_components", "satellite", "script", "lovelace")


def _is_test(name: str) -> bool:
    return name.startswith("tests/") or "/test/" in name


def test_no_file_is_too_long() -> None:
    """One subject for each file."""
    long_files = [
        f"{named(path)}: {lines} lines"
        for path in tracked_files()
        if path.suffix in {".py", ".ts", ".sh", ".mjs"} and not _is_test(named(path))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
    ]
    assert long_files == []


def test_no_function_is_too_long() -> None:
    """A function fits on a screen."""
    long_functions = [
        f"{named(path)}:{line} {name}: {length} lines"
        for folder in SOURCES
        for path in files_under(folder, ".py")
        for name, line, length in functions_of(path)
        if length > MAX_FUNCTION_LINES
    ]
    assert long_functions == []


def test_files_are_named_for_their_subject() -> None:
    """A name that fits everything says nothing."""
    assert [
        named(path)
        for folder in SOURCES
        for path in files_under(folder, ".py", ".ts")
        if path.stem in VAGUE_NAMES
    ] == []
