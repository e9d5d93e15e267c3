"""A small disk of its own for Home Assistant's folder, which can be filled up and can break."""

import asyncio
from contextlib import suppress
import os
from pathlib import Path
from typing import Self

SIZE_MB = 96
_FILLER = "filler.bin"


class Disk:
    """An ext4 in a file; where that is not allowed a tmpfs, which can't break, or an ordinary folder."""

    def __init__(self, folder: Path) -> None:
        """Be mounted at a folder."""
        self.folder = folder
        self.cannot_fill: str | None = None
        """Why it can't be filled."""
        self.cannot_break: str | None = None
        """Why it can't break."""
        self._image = folder.with_suffix(".img")

    async def __aenter__(self) -> Self:
        """Make and mount it."""
        self.folder.mkdir(parents=True)
        with self._image.open("wb") as file:
            file.truncate(SIZE_MB << 20)
        self.cannot_break = (
            await _run("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image)) or await self._mount()
        )
        if self.cannot_break is not None:
            where = ("-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(self.folder))
            self.cannot_fill = await _run("mount", *where)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Unmount it, also while somebody still looks at it."""
        if self.cannot_fill is None:
            await _run("umount", "--lazy", str(self.folder))
        self._image.unlink(missing_ok=True)

    def fill(self) -> int:
        """Leave no room; return how many bytes there were."""
        taken, before = 0, -1
        with (self.folder / _FILLER).open("ab", buffering=0) as file:
            # what is kept for its own book-keeping becomes free once it is written
            while taken > before:
                before = taken
                for size in (1 << 20, 1 << 12):
                    with suppress(OSError):
                        while True:
                            taken += file.write(bytes(size))
                with suppress(OSError):
                    os.fsync(file.fileno())
        return taken

    def make_room(self) -> None:
        """Give back what was taken."""
        (self.folder / _FILLER).unlink(missing_ok=True)

    async def fail(self) -> None:
        """Let the system find it broken: from now on it can be read only."""
        await _must("mount", "-o", "remount,abort", str(self.folder))

    async def repair(self) -> None:
        """Look it through and mount it anew, as a machine's start does; nobody may use it meanwhile."""
        await _must("umount", str(self.folder))
        # it tells by its exit code that it has mended something
        await _run("e2fsck", "-f", "-y", str(self._image))
        if (why := await self._mount()) is not None:
            raise OSError(f"mount: {why}")

    async def _mount(self) -> str | None:
        """Mount the image; return why that did not work."""
        return await _run("mount", "-o", "loop", str(self._image), str(self.folder))


async def _must(*command: str) -> None:
    """Run a program that has to do what it is told."""
    if (why := await _run(*command)) is not None:
        raise OSError(f"{' '.join(command)}: {why}")


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
