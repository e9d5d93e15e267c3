"""A small disk of its own for Home Assistant's folder, which can be filled up."""

import asyncio
from contextlib import suppress
import os
from pathlib import Path
from typing import Self

SIZE_MB = 96
_FILLER = "filler.bin"


class Disk:
    """A size-limited tmpfs; where mounting is not allowed, an ordinary folder that can't be filled."""

    def __init__(self, folder: Path) -> None:
        """Be mounted at a folder."""
        self.folder = folder
        self.missing: str | None = None
        """Why it can't be filled."""

    async def __aenter__(self) -> Self:
        """Mount it."""
        self.folder.mkdir(parents=True)
        where = ("-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "tmpfs", str(self.folder))
        self.missing = await _run("mount", *where)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Unmount it, also while somebody still looks at it."""
        if self.missing is None:
            await _run("umount", "--lazy", str(self.folder))

    def fill(self) -> int:
        """Leave no byte free; return how many were."""
        taken = 0
        with (self.folder / _FILLER).open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while True:
                        taken += file.write(bytes(size))
        return taken

    def make_room(self) -> None:
        """Give back what was taken."""
        (self.folder / _FILLER).unlink(missing_ok=True)

    @property
    def free_bytes(self) -> int:
        """Return what is free."""
        about = os.statvfs(self.folder)
        return about.f_bavail * about.f_frsize


async def _run(*command: str) -> str | None:
    """Run a program; return why it did not do it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
    except OSError as err:
        return f"{command[0]}: {err.strerror}"
    _out, said = await process.communicate()
    return said.decode(errors="replace").strip() or "failed" if process.returncode else None
