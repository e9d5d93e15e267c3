"""Keep avatars in a folder: each file beside a small one that tells its name."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
import json
from pathlib import Path
import re
import shutil
from typing import Any

from .errors import BadAvatar, Problem
from .examine import examine
from .kind import FileKind
from .licence import Licence
from .names import check_text

MAX_FILES = 100
LONGEST_NAME = 80
_SUFFIXES = (".vrm", ".glb", ".gltf", ".vrma")
_ID = re.compile(r"[0-9a-z]{26}")
"""A ULID in lower case: never the name of one of our own figures, never a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvatarFile:
    """One file of the library."""

    id: str
    name: str
    kind: FileKind
    suffix: str
    size_bytes: int
    triangles: int
    added_ms: int
    licence: Licence


class AvatarLibrary:
    """The avatars that people brought; every method reads or writes files: not in the event loop."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first file comes."""
        self._folder = folder
        self._files: dict[str, AvatarFile] = {}

    def load(self) -> None:
        """Read what is in the folder; what is not whole there is left alone."""
        self._files = {file.id: file for file in sorted(self._read(), key=lambda f: f.added_ms)}

    def all(self) -> list[AvatarFile]:
        """Return every file, the oldest first (from memory)."""
        return list(self._files.values())

    def find(self, avatar_id: str) -> AvatarFile:
        """Return a file (from memory)."""
        if avatar_id not in self._files:
            raise BadAvatar(Problem.NOT_FOUND)
        return self._files[avatar_id]

    def __contains__(self, avatar_id: str) -> bool:
        """Return whether a file is there (from memory)."""
        return avatar_id in self._files

    def path(self, avatar_id: str) -> Path:
        """Return where a file of the library lies."""
        file = self.find(avatar_id)
        return self._folder / f"{file.id}{file.suffix}"

    def add(self, source: Path | bytes, *, avatar_id: str, name: str, now_ms: int) -> AvatarFile:
        """Look through a file and keep a copy of it; one that is refused leaves nothing behind.

        `name` may be empty: then the file's own title is taken.
        """
        if len(self._files) >= MAX_FILES:
            raise BadAvatar(Problem.TOO_MANY, str(MAX_FILES))
        if not _ID.fullmatch(avatar_id):
            raise ValueError(f"not an id of ours: {avatar_id!r}")
        found = examine(source)
        file = AvatarFile(
            id=avatar_id,
            name=checked_name(name or found.licence.title or found.kind.value),
            kind=found.kind,
            suffix=found.suffix,
            size_bytes=len(source) if isinstance(source, bytes) else source.stat().st_size,
            triangles=found.triangles,
            added_ms=now_ms,
            licence=found.licence,
        )
        self._store(file, source)
        self._files[file.id] = file
        return file

    def rename(self, avatar_id: str, name: str) -> AvatarFile:
        """Give a file another name."""
        file = replace(self.find(avatar_id), name=checked_name(name))
        try:
            self._write_about(file)
        except OSError as err:
            raise BadAvatar(Problem.NOT_STORED, err.strerror or str(err)) from err
        self._files[file.id] = file
        return file

    def remove(self, avatar_id: str) -> AvatarFile:
        """Delete a file for good."""
        file, path = self.find(avatar_id), self.path(avatar_id)
        try:
            path.unlink(missing_ok=True)
            self._about(avatar_id).unlink(missing_ok=True)
        except OSError as err:
            raise BadAvatar(Problem.NOT_STORED, err.strerror or str(err)) from err
        del self._files[avatar_id]
        return file

    def _store(self, file: AvatarFile, source: Path | bytes) -> None:
        """Write file and description; a full disk leaves neither."""
        path = self._folder / f"{file.id}{file.suffix}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if isinstance(source, bytes):
                path.write_bytes(source)
            else:
                shutil.copyfile(source, path)
            self._write_about(file)
        except OSError as err:
            for left in (path, self._about(file.id)):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
            raise BadAvatar(Problem.NOT_STORED, err.strerror or str(err)) from err

    def _write_about(self, file: AvatarFile) -> None:
        """Write a description in one step: a power cut leaves the old or the new one."""
        about = {
            "name": file.name,
            "kind": file.kind.value,
            "triangles": file.triangles,
            "added_ms": file.added_ms,
            "licence": file.licence.as_dict(),
        }
        target = self._about(file.id)
        unfinished = target.with_suffix(".new")
        unfinished.write_text(json.dumps(about, ensure_ascii=False, indent=1), "utf-8")
        unfinished.replace(target)

    def _about(self, avatar_id: str) -> Path:
        """Return where the description of a file lies."""
        return self._folder / f"{avatar_id}.json"

    def _read(self) -> Iterator[AvatarFile]:
        """Yield the files that have a sound description."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.suffix not in _SUFFIXES or not _ID.fullmatch(path.stem):
                continue
            with suppress(OSError, ValueError, TypeError, KeyError):
                about: dict[str, Any] = json.loads(self._about(path.stem).read_text("utf-8"))
                yield AvatarFile(
                    id=path.stem,
                    name=str(about["name"]),
                    kind=FileKind(about["kind"]),
                    suffix=path.suffix,
                    size_bytes=path.stat().st_size,
                    triangles=int(about["triangles"]),
                    added_ms=int(about["added_ms"]),
                    licence=Licence.from_dict(about["licence"]),
                )


def checked_name(name: str) -> str:
    """Return a name as it is kept; one that is empty or holds a script is refused."""
    name = " ".join(name.split())[:LONGEST_NAME].strip()
    if not name:
        raise BadAvatar(Problem.BAD_NAME)
    check_text(name)
    return name
