"""What the fault trials break things with, and how they weigh what is left."""

import asyncio
import os
from pathlib import Path
import subprocess
import sys
import textwrap

from fault_trials.cable import Cable
from fault_trials.disk import Disk
from fault_trials.parts import Part
from fault_trials.rounds import for_rounds
from fault_trials.trials import TRIALS
from fault_trials.wall_clock import HOUR_S, WallClock
from fault_trials.weights import Weight, weight_of
import pytest

LIMIT_S = 60


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes."""
    while data := await reader.read(100):
        writer.write(data)
        await writer.drain()
    writer.close()


async def test_pulled_cable_swallows_without_a_word(socket_enabled: None) -> None:
    """Neither end is told; plugged in again, what was swallowed is lost and new calls get through."""
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with server, Cable(server.sockets[0].getsockname()[1]) as cable:
        reader, writer = await asyncio.open_connection("127.0.0.1", cable.port)
        writer.write(b"one")
        async with asyncio.timeout(LIMIT_S):
            assert await reader.readexactly(3) == b"one"
        cable.pull()
        writer.write(b"two")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.read(1)
        cable.plug()
        async with asyncio.timeout(LIMIT_S):
            assert await reader.read(1) == b""
            reader, writer = await asyncio.open_connection("127.0.0.1", cable.port)
            writer.write(b"three")
            assert await reader.readexactly(5) == b"three"
            # who plugs in what is plugged in already cuts nobody off
            cable.plug()
            writer.write(b"four")
            assert await reader.readexactly(4) == b"four"
        writer.close()


async def test_disk_is_full_until_room_is_made(tmp_path: Path) -> None:
    """Nothing more fits; what stood there before is still there."""
    async with Disk(tmp_path / "disk") as disk:
        if disk.cannot_fill is not None:
            pytest.skip(disk.cannot_fill)
        kept = disk.folder / "kept.txt"
        kept.write_text("kept")
        assert disk.fill() > 0
        with pytest.raises(OSError, match="No space left"):
            (disk.folder / "more.txt").write_bytes(bytes(1 << 20))
        disk.make_room()
        (disk.folder / "more.txt").write_text("more")
        assert kept.read_text() == "kept"
    assert not kept.exists()


async def test_disk_breaks_and_is_repaired(tmp_path: Path) -> None:
    """What was on it before is there again, and it can be written."""
    async with Disk(tmp_path / "disk") as disk:
        if disk.cannot_break is not None:
            pytest.skip(disk.cannot_break)
        kept = disk.folder / "kept.txt"
        with kept.open("w") as file:
            file.write("kept")
            file.flush()
            os.fsync(file.fileno())
        await disk.fail()
        with pytest.raises(OSError, match="Read-only"):
            (disk.folder / "more.txt").write_text("more")
        await disk.repair()
        (disk.folder / "more.txt").write_text("more")
        assert kept.read_text() == "kept"


_TELL = """
    import sys, time
    for _ in sys.stdin:
        print(time.time() - time.monotonic(), flush=True)
"""


def test_wall_clock_is_set_while_a_program_runs(tmp_path: Path) -> None:
    """The program's other clock goes on."""
    clock = WallClock(tmp_path / "time", can_be_set=True)
    if clock.missing is not None:
        pytest.skip(clock.missing)
    with subprocess.Popen(
        (sys.executable, "-c", textwrap.dedent(_TELL)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clock.environment,
    ) as program:
        assert program.stdin is not None and program.stdout is not None
        told_s = []
        for ahead_s in (0, HOUR_S, -HOUR_S):
            asyncio.run(clock.set(ahead_s))
            program.stdin.write("now\n")
            program.stdin.flush()
            told_s.append(float(program.stdout.readline()))
        program.stdin.close()
    assert told_s[1] - told_s[0] == pytest.approx(HOUR_S, abs=LIMIT_S)
    assert told_s[2] - told_s[0] == pytest.approx(-HOUR_S, abs=LIMIT_S)
    assert WallClock(tmp_path / "other", can_be_set=False).environment == {}


_PROGRAM = """
    import asyncio, sys

    async def main():
        kept = [asyncio.create_task(asyncio.sleep(1000), name=f"sleeper {n}") for n in range(3)]
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", int(sys.argv[1]))
        await server.serve_forever()

    asyncio.run(main())
"""


async def test_program_tells_what_it_holds(tmp_path: Path, socket_enabled: None) -> None:
    """Tasks by their names, without the program knowing of it."""
    (tmp_path / "sleepers.py").write_text(textwrap.dedent(_PROGRAM))
    part = Part(
        name="sleepers",
        words=(sys.executable, "sleepers"),
        log=tmp_path / "log.out",
        environment={"PYTHONPATH": str(tmp_path)},
    )
    part.words = (*part.words, str(part.port))
    await part.start()
    try:
        weight = await weight_of(part)
    finally:
        await part.stop()
    assert weight.tasks["sleeper "] == 3
    assert weight.memory_mb > 1
    assert weight.timers == 3


def test_what_is_left_is_told_by_name() -> None:
    """One task fewer does not hide another that has come."""
    before = Weight(
        pid=1, memory_mb=10, files=5, children=0, threads=2, timers=1, tasks={"a": 2, "b": 1}
    )
    after = Weight(
        pid=1, memory_mb=10, files=6, children=0, threads=2, timers=1, tasks={"a": 1, "c": 1}
    )
    assert after.left_since(before) == ["+1 c", "+1 files"]
    assert before.left_since(before) == []


def test_rounds_leave_all_programs_alive() -> None:
    """What is killed can't be weighed; one round tries everything."""
    assert for_rounds(TRIALS, 1) == TRIALS
    assert not any(trial.kills for trial in for_rounds(TRIALS, 10).values())
