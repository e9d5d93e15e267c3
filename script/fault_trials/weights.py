"""What the programs hold, before and after: memory, tasks, timers, threads, open files."""

import asyncio
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import signal
from typing import override

from demo_run.places import DemoError
import psutil  # type: ignore[import-untyped] # a library of Home Assistant's, without types

from .parts import Part, until

_ANSWER_S = 20
_MB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a program and the programs that it has started hold."""

    pid: int
    memory_mb: float
    """Its share of all memory (PSS), its children's included."""
    files: int
    children: int
    threads: int
    timers: int
    tasks: dict[str, int] = field(default_factory=dict)

    @override
    def __str__(self) -> str:
        """Return it as people read it."""
        return (
            f"{self.memory_mb:.1f} MB, {sum(self.tasks.values())} tasks, {self.timers} timers,"
            f" {self.threads} threads, {self.files} files, {self.children} children"
        )

    def left_since(self, before: Weight) -> list[str]:
        """Return what has become more, by name."""
        names = sorted(self.tasks.keys() | before.tasks.keys())
        more = [
            f"{self.tasks.get(name, 0) - before.tasks.get(name, 0):+d} {name}"
            for name in names
            if self.tasks.get(name, 0) > before.tasks.get(name, 0)
        ]
        counts = {"threads": self.threads - before.threads, "files": self.files - before.files}
        return more + [f"{grown:+d} {name}" for name, grown in counts.items() if grown > 0]


async def weight_of(part: Part) -> Weight:
    """Let a program count what it holds, and look at it from outside."""
    assert part.program is not None
    pid = part.program.pid
    part.held.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    if not await until(part.held.exists, _ANSWER_S):
        raise DemoError(f"The {part.name} does not say what it holds.")
    held = json.loads(part.held.read_text())
    return await asyncio.to_thread(_seen, pid, held)


def _seen(pid: int, held: dict[str, object]) -> Weight:
    """Return what the system knows of a program, with what it says itself."""
    program = psutil.Process(pid)
    children = program.children(recursive=True)
    memory = sum(one.memory_full_info().pss for one in (program, *children))
    return Weight(
        pid=pid,
        memory_mb=memory / _MB,
        files=len(list(Path("/proc", str(pid), "fd").iterdir())),
        children=len(children),
        **held,  # type: ignore[arg-type] # as `weighed.py` writes it
    )
