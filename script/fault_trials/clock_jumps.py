"""The wall clock is set while somebody talks, as a machine without a battery does after its start."""

from functools import partial
import json
import time

from .again import answers_again, hears_again, room_turns
from .home import Home
from .keeping import SLOW
from .outcome import Outcome
from .parts import until
from .talk import Talk, ask
from .wall_clock import DAY_S, HOUR_S

_MOST_OFF_MS = 1000.0
"""By how much a report of the loudspeaker may miss the page's clock: then the mouth still fits."""
_STORED_S = 10.0
"""A turn is stored in the background."""
_TIMER_S = 15
"""Longer than a busy machine takes to answer: it has to run when the cable is pulled."""
_GRACE_S = 3.0
"""How much later than that a room may ring that no Home Assistant wakes."""
_JUMPS = {
    "an hour ahead": HOUR_S,
    "an hour back": -HOUR_S,
    "a day ahead": DAY_S,
    "a day back": -DAY_S,
}
"""A day back comes last: what was said a day ahead lies two days ahead of it, and stands behind it all the same."""


async def house_clock_jumps(home: Home, ahead_s: int) -> Outcome:
    """Set Home Assistant's clock in the middle of a spoken answer."""
    offset_ms = await _clock_of(home)
    known = len(home.kitchen.notes)
    home.model.reply = SLOW
    talk = await ask(home, speak=True, text=f"What do you say when time moves by {ahead_s} seconds")
    await until(lambda: "second one" in talk.shown, 30)
    at_s = time.monotonic()
    await home.house_clock.set(ahead_s)
    try:
        sign_s = await talk.sign_after(at_s)
        await talk.over()
        # a page gets itself a new token where its own has run out
        await home.log_in_again()
        jumped = await _after(home, talk, offset_ms, at_s)
    finally:
        await home.house_clock.set(0)
    await home.log_in_again()
    back_s = await answers_again(home, time.monotonic())
    stayed = not any(note["kind"] == "disconnected" for note in home.kitchen.notes[known:])
    lost = talk.error or ("" if "last one" in talk.shown else f"what followed {talk.shown[-20:]!r}")
    missed = [*jumped, *(() if stayed else ("the room stays connected",))]
    return Outcome(
        sign_s=sign_s,
        back_s=back_s,
        experience="Nothing: the answer goes on, the next ones follow it, and the room hears.",
        lost=lost,
        missed=", ".join(missed),
    )


async def kitchen_clock_jumps(home: Home, ahead_s: int) -> Outcome:
    """Set the satellite's clock while a timer runs and its cable is pulled: it rings by itself."""
    room = home.kitchen
    await room.is_idle(30)
    known = len(room.notes)
    talk = await ask(home, text=f"set a timer for {_TIMER_S} seconds", area="kitchen")
    await talk.over()
    timers = (await home.house.call("waifu_rt3d/timers"))["timers"]
    if not timers:
        return Outcome(
            back_s=None, experience=f"No timer was set: “{talk.shown}”", missed="a timer"
        )
    kept = home.folder / "kitchen" / "timers.json"
    if not await until(lambda: kept.exists() and kept.read_text().startswith("[{"), 5):
        return Outcome(back_s=None, experience="The room was told of no timer.", missed="a timer")
    # its own clock is right until it is set; how long the home took to begin the timer is not its matter
    due_s = json.loads(kept.read_text())[0]["deadline_s"] - time.time() + time.monotonic()
    if _rang(home, known) is not None:
        return Outcome(back_s=None, experience="It rang before the fault.", missed="a quicker home")
    room.cable.pull()
    await home.kitchen_clock.set(ahead_s)
    try:
        ringing = partial(_rang, home, known)
        await until(lambda: ringing() is not None, _TIMER_S + 2 * _GRACE_S)
        rang_s = ringing()
        await room.stop()
        room.cable.plug()
        back_s = await hears_again(home, room, time.monotonic())
    finally:
        await home.kitchen_clock.set(0)
        room.cable.plug()
    late_s = None if rang_s is None else rang_s - due_s
    right = late_s is not None and -0.5 <= late_s <= _GRACE_S
    told = "never" if late_s is None else f"{late_s:+.1f} s after its time"
    return Outcome(
        sign_is_elsewhere="the timer, which rings",
        back_s=back_s,
        experience=f"A timer of {_TIMER_S} s rings {told}, without Home Assistant.",
        missed="" if right else "a timer that rings on time",
        figures={} if late_s is None else {"timer_late_s": round(late_s, 2)},
    )


async def _after(home: Home, talk: Talk, offset_ms: float, at_s: float) -> list[str]:
    """Return what is not as it should be while the clock is another."""
    missed = []
    if await answers_again(home, time.monotonic()) is None:
        missed.append("the next answer")
    known = len(room_turns(home))
    if await hears_again(home, home.kitchen, time.monotonic()) is None:
        missed.append("the room hears")
    after = [Talk(home=home, turn_id=one, asked_s=at_s) for one in room_turns(home)[known:]]
    # a report may be late on its way: what is off by a clock is so in all of them
    reports = [off for one in (talk, *after) if (off := _off_ms(one, offset_ms))]
    if any(min(abs(off_ms) for off_ms in off) > _MOST_OFF_MS for off in reports):
        missed.append("lips with the sound")
    if not await _in_order_soon(home):
        missed.append("sessions in order")
    return missed


def _off_ms(talk: Talk, offset_ms: float) -> list[float]:
    """Return by how much (ms) each report of the loudspeaker misses the clock that a page knows."""
    return [
        float(one.envelope["data"]["at_epoch_ms"]) - one.at_ms - offset_ms
        for one in talk.heard
        if one.envelope["kind"] == "clock"
    ]


async def _in_order_soon(home: Home) -> bool:
    """Return whether a new talk stands before the older ones, and its words one after the other."""
    made = await home.house.call("waifu_rt3d/session/create", character=home.character)
    texts = ("This is said first", "This is said second")
    for text in texts:
        await (await ask(home, text=text, session_id=made["id"])).over()
    end_s = time.monotonic() + _STORED_S
    while time.monotonic() < end_s:
        past = await home.house.call("waifu_rt3d/session/history", session_id=made["id"])
        asked = [one["text"] for one in past["messages"] if one["role"] == "user"]
        listed = await home.house.call("waifu_rt3d/session/list", character=home.character)
        if asked == list(texts) and listed["sessions"][0]["id"] == made["id"]:
            return True
    return False


async def _clock_of(home: Home) -> float:
    """Return Home Assistant's clock minus ours (ms), as a page measures it."""
    begun_ms = time.time() * 1000
    told = await home.house.call("waifu_rt3d/clock")
    return float(told["epoch_ms"]) - (begun_ms + time.time() * 1000) / 2


def _rang(home: Home, known: int) -> float | None:
    """Return when (s) the kitchen began to ring."""
    notes = home.kitchen.notes[known:]
    return next((n["at_ms"] / 1000 for n in notes if n.get("state") == "ringing"), None)


HOUSE_JUMPS = {
    name: partial(house_clock_jumps, ahead_s=ahead_s) for name, ahead_s in _JUMPS.items()
}
KITCHEN_JUMPS = {
    name: partial(kitchen_clock_jumps, ahead_s=ahead_s) for name, ahead_s in _JUMPS.items()
}
