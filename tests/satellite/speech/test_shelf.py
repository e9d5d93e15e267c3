"""Models stay loaded while they are used: real processes, and a clock that the test moves."""

from collections.abc import AsyncIterator, Callable
import os
from pathlib import Path

import pytest
from wyoming.event import Event

from waifu_speech.shelf import Shelf, expected_mb

KEPT_S = 900.0
TOY, CHOIR, MUTE = "en_US-toy-medium", "de_DE-choir-low", "en_GB-mute-low"

type MakeShelf = Callable[[float], Shelf]


class Clock:
    """A clock that stands still unless it is moved."""

    now_s = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """Return the shelf's clock."""
    return Clock()


@pytest.fixture
async def shelf(clock: Clock) -> AsyncIterator[MakeShelf]:
    """Make shelves of a size, and close them."""
    made: list[Shelf] = []

    def make(memory_mb: float) -> Shelf:
        made.append(Shelf(memory_mb=memory_mb, kept_idle_s=KEPT_S, clock=clock))
        return made[-1]

    yield make
    for one in made:
        await one.close()
    assert loaded() == []


def loaded() -> list[str]:
    """Return the models that processes of ours hold."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children]
    hosts = [command for command in commands if b"waifu_speech.host_worker" in command]
    return sorted(Path(command[-2].decode()).stem for command in hosts)


async def use(shelf: Shelf, folder: Path, name: str) -> None:
    """Let a voice say something."""
    async with shelf.channel("piper", folder / f"{name}.onnx") as channel:
        await channel.send(Event("speak", {"text": "Hello.", "delivery": {}}))
        head = await channel.receive()
        assert head.type == "spoken"


async def test_idle_model_is_put_away_and_comes_back(
    shelf: MakeShelf, models: Path, clock: Clock
) -> None:
    """It stays for the whole time after its last use, not a second longer."""
    one = shelf(10_000)
    await use(one, models, TOY)
    clock.now_s += KEPT_S - 1
    await one.put_idle_away()
    assert loaded() == [TOY]
    await use(one, models, TOY)
    clock.now_s += KEPT_S - 1
    await one.put_idle_away()
    assert loaded() == [TOY]
    clock.now_s += 1
    await one.put_idle_away()
    assert loaded() == []
    await use(one, models, TOY)
    assert loaded() == [TOY]


async def test_only_the_idle_one_goes(shelf: MakeShelf, models: Path, clock: Clock) -> None:
    """Each model has a time of its own."""
    one = shelf(10_000)
    await use(one, models, TOY)
    clock.now_s += KEPT_S / 2
    await use(one, models, CHOIR)
    clock.now_s += KEPT_S / 2
    await one.put_idle_away()
    assert loaded() == [CHOIR]


async def test_used_model_stays_however_long_it_is_used(
    shelf: MakeShelf, models: Path, clock: Clock
) -> None:
    """A long dictation is not idleness; the time counts from its end."""
    one = shelf(10_000)
    async with one.channel("piper", models / f"{TOY}.onnx"):
        clock.now_s += 10 * KEPT_S
        await one.put_idle_away()
        assert loaded() == [TOY]
    await one.put_idle_away()
    assert loaded() == [TOY]


async def test_memory_is_bounded(shelf: MakeShelf, models: Path) -> None:
    """The next model takes the place of the one used longest ago, as far as it must."""
    one = shelf(expected_mb(models / f"{CHOIR}.onnx") + 1)
    await use(one, models, TOY)
    await use(one, models, CHOIR)
    assert loaded() == [CHOIR]


async def test_longest_unused_goes_first(shelf: MakeShelf, models: Path) -> None:
    """Room for two: of two loaded models the one used last stays beside the third."""
    one = shelf(10_000)
    await use(one, models, TOY)
    held_mb = sum(place_mb(name) for name in loaded())
    two = shelf(held_mb + 1.5 * expected_mb(models / f"{MUTE}.onnx"))
    await one.close()
    await use(two, models, TOY)
    await use(two, models, CHOIR)
    await use(two, models, TOY)
    await use(two, models, MUTE)
    assert loaded() == [MUTE, TOY]


def place_mb(name: str) -> float:
    """Return the memory of the process that holds a model."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    for child in children:
        if name.encode() in Path(f"/proc/{child}/cmdline").read_bytes():
            pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    raise AssertionError(name)


async def test_used_model_is_never_put_away_for_another(shelf: MakeShelf, models: Path) -> None:
    """Rather too much memory than a sentence that breaks off."""
    one = shelf(1)
    async with one.channel("piper", models / f"{TOY}.onnx") as channel:
        await use(one, models, CHOIR)
        assert loaded() == [CHOIR, TOY]
        await channel.send(Event("speak", {"text": "Still here.", "delivery": {}}))
        assert (await channel.receive()).type == "spoken"
    await use(one, models, MUTE)
    assert loaded() == [MUTE]
