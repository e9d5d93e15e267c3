"""What the tests of the architecture look at: the tracked files and what they import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
import re
import subprocess

ROOT = Path(__file__).resolve().parents[2]
SCRIPT_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that belong to the repository, new ones included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return tuple(path for name in listed if (path := ROOT / name).is_file())


def files_under(folder: str, *suffixes: str) -> list[Path]:
    """Return the tracked files under a folder that end in one of the suffixes."""
    return [
        path
        for path in tracked_files()
        if path.is_relative_to(ROOT / folder) and path.suffix in suffixes
    ]


def named(path: Path) -> str:
    """Return how a test names a file to its reader."""
    return path.relative_to(ROOT).as_posix()


@cache
def syntax_of(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def python_imports(path: Path) -> set[str]:
    """Return the modules that a Python file imports, by their absolute names."""
    package = path.relative_to(ROOT).parent.parts
    found: set[str] = set()
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *((node.module or "").split("."))]).strip(".")
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return found


def script_imports(path: Path) -> set[str]:
    """Return what a TypeScript file imports: packages by name, files from `lovelace/`."""
    found = set()
    for target in SCRIPT_IMPORT.findall(path.read_text(encoding="utf-8")):
        if target.startswith("."):
            found.add((path.parent / target).resolve().relative_to(ROOT / "lovelace").as_posix())
        else:
            found.add(target)
    return found


def functions_of(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield name, first line and length in lines of each function of a Python file."""
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1
