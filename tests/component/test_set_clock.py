"""Somebody sets Home Assistant's clock while a turn is under way."""

from types import SimpleNamespace
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.waifu_rt3d.stage import steady

from .agents import HeldAgent, StreamingAgent
from .cards import Card

DAY_S = 86400.0


class Clock(SimpleNamespace):
    """The clock of the house: the wall clock can be set, the other one can't."""

    wall_s = 1_800_000_000.0
    steady_s = 5000.0

    def time(self) -> float:
        """Return what the wall clock shows."""
        return self.wall_s

    def monotonic(self) -> float:
        """Return the time since the machine's start."""
        return self.steady_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the turns of the house go by a clock that can be set."""
    clock = Clock()
    monkeypatch.setattr(steady, "time", clock)
    monkeypatch.setattr(steady, "_AHEAD_MS", (clock.wall_s - clock.steady_s) * 1000)
    return clock


@pytest.fixture
def agent_class() -> type[StreamingAgent]:
    """Let the agent wait in the middle of its answer."""
    return HeldAgent


def test_steady_time_goes_on_when_the_clock_is_set(clock: Clock) -> None:
    """What one has said about a time stays true; what is written down is as the clock shows it."""
    before_ms = steady.epoch_ms()
    assert before_ms == clock.wall_s * 1000
    clock.steady_s += 2
    clock.wall_s += 2 + DAY_S
    assert steady.epoch_ms() == before_ms + 2000
    assert steady.wall_ms(before_ms) == before_ms + DAY_S * 1000


@pytest.mark.parametrize("moved_s", [3600.0, -3600.0, DAY_S, -DAY_S])
async def test_turn_whose_clock_is_set_stays_one(
    core: HomeAssistant,
    companion: MockConfigEntry,
    agent: HeldAgent,
    hass_ws_client: WebSocketGenerator,
    clock: Clock,
    moved_s: float,
) -> None:
    """The card's clock still fits, stages follow each other, the memory has the time as it is set."""
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    known_ms = (await card.call(type="waifu_rt3d/clock"))["result"]["epoch_ms"]
    begun = await card.call(type="waifu_rt3d/turn/start", text="Tell me something.", speak=False)
    await card.until("text")
    clock.steady_s += 1
    clock.wall_s += 1 + moved_s
    agent.gate.set()
    ended = (await card.until("turn", state="heard"))["data"]
    told_ms = (await card.call(type="waifu_rt3d/clock"))["result"]["epoch_ms"]
    assert told_ms == known_ms + 1000
    times: dict[str, Any] = ended["times"]
    assert times["ended"] - times["start"] == 1000
    for one in card.of("clock"):
        assert known_ms <= one["at_epoch_ms"] <= known_ms + 1000
    await core.async_block_till_done()
    session_id = begun["result"]["session_id"]
    history = await card.call(type="waifu_rt3d/session/history", session_id=session_id)
    question, answer = history["result"]["messages"]
    assert question["created_ms"] == round(known_ms + moved_s * 1000)
    assert answer["created_ms"] >= question["created_ms"]
