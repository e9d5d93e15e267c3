"""What is broken, in which stage of a turn, and what the person has of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
import time

from fake_llm import Reply

from .home import SENTENCES, WHOLE, Home
from .parts import until
from .talk import Talk, ask

MOST_SIGN_S = 5.0
MOST_BACK_S = 3.0
LIGHT = "light.kitchen_light"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a trial."""

    sign_s: float | None
    """From the fault to the first thing that the person sees or hears."""
    sign_is_elsewhere: bool = False
    """The sign is the card's or the satellite's own, which this trial does not see."""
    back_s: float | None
    """From the part's return to a good turn: its first word, sound or listening."""
    experience: str
    lost: str = ""

    @property
    def good(self) -> bool:
        """Return whether it is within the targets."""
        return (
            (self.sign_is_elsewhere or (self.sign_s is not None and self.sign_s <= MOST_SIGN_S))
            and self.back_s is not None
            and self.back_s <= MOST_BACK_S
            and not self.lost
        )


type Trial = Callable[[Home], Awaitable[Outcome]]


async def model_refuses(home: Home) -> Outcome:
    """Let nobody answer where the model was."""
    home.model_line.cut()
    talk = await ask(home)
    sign_s = await talk.sign_after(talk.asked_s)
    await talk.over()
    told = talk.shown
    await home.model_line.mend()
    return Outcome(sign_s=sign_s, back_s=await _good_again(home, time.monotonic()), experience=told)


async def model_stalls(home: Home) -> Outcome:
    """Let the model take the question and never say a word."""
    home.model.reply = Reply(words=(), hang=True)
    talk = await ask(home)
    # that she thinks is shown at once; what counts is what comes while nothing comes
    await until(lambda: talk.state == "thinking", 10)
    begun_s = time.monotonic()
    sign_s = await talk.sign_after(begun_s)
    told = talk.shown or _moves(talk)
    await talk.cancel()
    home.model.reply = WHOLE
    return Outcome(sign_s=sign_s, back_s=await _good_again(home, time.monotonic()), experience=told)


async def model_dies_mid_sentence(home: Home) -> Outcome:
    """Let the model's server die after the first sentences."""
    home.model.reply = Reply(words=SENTENCES[:2], hang=True)
    talk = await ask(home)
    await until(lambda: "second one" in talk.shown, 20)
    at_s = time.monotonic()
    home.model_line.cut()
    sign_s = await talk.sign_after(at_s)
    await talk.over()
    told, kept = talk.shown, SENTENCES[0].strip() in talk.shown
    home.model.reply = WHOLE
    await home.model_line.mend()
    back_s = await _good_again(home, time.monotonic())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told, lost="" if kept else "words")


async def speech_dies_speaking(home: Home) -> Outcome:
    """Kill the speech server while she speaks."""
    long = "Clouds are water that has learned to fly, and they never stay. "
    home.model.reply = Reply(words=(long,) * 12)
    talk = await ask(home, speak=True)
    await until(lambda: talk.sound_bytes > 20_000, 30)
    at_s = await home.speech.kill()
    sign_s = await talk.sign_after(at_s)
    await talk.over(90)
    told = f"{len(talk.shown)} letters of text stand there, {talk.state}"
    lost = "" if talk.shown.count("Clouds") == 12 else "text"
    home.model.reply = WHOLE
    back_s = await _sounds_again(home, await home.speech.start())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told, lost=lost)


async def speech_dies_listening(home: Home) -> Outcome:
    """Kill the speech server while somebody speaks in the kitchen."""
    await _begin_in_kitchen(home)
    at_s = await home.speech.kill()
    turn_id = _kitchen_turns(home)[-1]
    talk = Talk(home=home, turn_id=turn_id, asked_s=at_s)
    sign_s = await talk.sign_after(at_s)
    await talk.over(60)
    told = talk.error or talk.state
    back_s = await _kitchen_again(home, await home.speech.start())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told)


async def satellite_dies(home: Home) -> Outcome:
    """Kill the satellite while somebody speaks into it."""
    await _begin_in_kitchen(home)
    turn_id = _kitchen_turns(home)[-1]
    at_s = await home.satellite.kill()
    talk = Talk(home=home, turn_id=turn_id, asked_s=at_s)
    sign_s = await talk.sign_after(at_s)
    told = talk.error or talk.state
    known = len(_kitchen_turns(home))
    back_s = await _listens(home, known, await home.satellite.start())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told)


async def cable_is_pulled(home: Home) -> Outcome:
    """Pull the satellite's cable while somebody speaks, and plug it in after eight seconds."""
    await _begin_in_kitchen(home)
    turn_id, at_s = _kitchen_turns(home)[-1], time.monotonic()
    home.cable.pull()
    talk = Talk(home=home, turn_id=turn_id, asked_s=at_s)
    sign_s = await talk.sign_after(at_s)
    await asyncio.sleep(max(0.0, 8 - (time.monotonic() - at_s)))
    told = talk.error or talk.state
    home.cable.plug()
    back_s = await _announces(home, time.monotonic())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told)


async def wifi_flaps(home: Home) -> Outcome:
    """Let the satellite be reachable every other second, for ten seconds."""
    at_s = time.monotonic()
    for _ in range(5):
        home.cable.pull()
        await asyncio.sleep(1)
        home.cable.plug()
        await asyncio.sleep(1)
    back_s = await _announces(home, time.monotonic())
    return Outcome(
        sign_s=None,
        sign_is_elsewhere=True,
        back_s=back_s,
        experience=f"{time.monotonic() - at_s:.0f} s of it",
    )


async def house_dies_streaming(home: Home) -> Outcome:
    """Kill Home Assistant in the middle of an answer."""
    home.model.reply = Reply(words=SENTENCES[:2], hang=True)
    await ask(home, text="Remember what I ask before you die")
    await until(lambda: bool(home.recorder.since(0)), 5)
    await asyncio.sleep(1.5)
    await home.house_part.kill()
    home.model.reply = WHOLE
    await home.house_part.start()
    await home.log_in_again()
    kept = await _asked_before(home, "Remember what I ask")
    back_s = await _good_again(home, time.monotonic())
    return Outcome(
        sign_s=None,
        sign_is_elsewhere=True,
        back_s=back_s,
        experience="the connection is lost",
        lost="" if kept else "the question",
    )


async def house_dies_listening(home: Home) -> Outcome:
    """Kill Home Assistant while somebody speaks in the kitchen; when it is back, the satellite, too."""
    await _begin_in_kitchen(home)
    await home.house_part.kill()
    await home.house_part.start()
    await home.log_in_again()
    back_s = await _announces(home, time.monotonic())
    again_s = await _kitchen_again(home, time.monotonic())
    return Outcome(
        sign_s=None,
        sign_is_elsewhere=True,
        back_s=None if back_s is None or again_s is None else max(back_s, again_s),
        experience="the connection is lost",
    )


TRIALS: dict[str, Trial] = {
    "model server gone": model_refuses,
    "model stalls before the first word": model_stalls,
    "model dies mid-sentence": model_dies_mid_sentence,
    "speech server dies while she speaks": speech_dies_speaking,
    "speech server dies while somebody speaks": speech_dies_listening,
    "satellite killed while it listens": satellite_dies,
    "cable pulled for 8 s": cable_is_pulled,
    "Wi-Fi flaps for 10 s": wifi_flaps,
    "Home Assistant killed while streaming": house_dies_streaming,
    "Home Assistant killed while somebody speaks, then the satellite": house_dies_listening,
}


def _is_answered(talk: Talk) -> bool:
    """Return whether the whole answer stands there, or nothing more comes."""
    return "last one" in talk.shown or talk.state == "heard"


def _sounds(talk: Talk) -> bool:
    """Return whether the answer is heard, or nothing more comes."""
    return talk.first_sound_s is not None or talk.state == "heard"


async def _good_again(home: Home, since_s: float) -> float | None:
    """Return how long (s) after a time a whole answer stands on the card."""
    while time.monotonic() - since_s < 30:
        talk = await ask(home)
        await until(partial(_is_answered, talk), 20)
        if "last one" in talk.shown:
            took_s = time.monotonic() - since_s
            await talk.cancel()
            return took_s
    return None


async def _sounds_again(home: Home, since_s: float) -> float | None:
    """Return how long (s) after a time an answer sounds."""
    while time.monotonic() - since_s < 40:
        talk = await ask(home, speak=True)
        await until(partial(_sounds, talk), 20)
        if talk.first_sound_s is not None:
            await talk.cancel()
            return talk.first_sound_s - since_s
        await asyncio.sleep(0.2)
    return None


def _kitchen_turns(home: Home) -> list[str]:
    """Return the turns of the satellite, in their order."""
    found: dict[str, None] = {}
    for heard in home.recorder.since(0):
        data = heard.envelope["data"]
        if heard.envelope["kind"] == "turn" and data.get("origin") == "satellite":
            found.setdefault(str(heard.envelope["turn_id"]))
    return list(found)


async def _begin_in_kitchen(home: Home) -> None:
    """Let the satellite's microphone speak from the beginning, until a turn listens."""
    known = len(_kitchen_turns(home))
    await home.satellite.kill()
    await home.satellite.start()
    await until(lambda: len(_kitchen_turns(home)) > known, 60)
    await asyncio.sleep(0.3)


async def _listens(home: Home, known: int, since_s: float) -> float | None:
    """Return how long (s) after a time the wake word of the film was answered, its own time apart."""
    spoken_s = 2.0  # the film begins with a second of silence, and the wake word takes one
    if not await until(lambda: len(_kitchen_turns(home)) > known, 60):
        return None
    return max(0.0, time.monotonic() - since_s - spoken_s)


async def _kitchen_again(home: Home, since_s: float) -> float | None:
    """Return how long (s) it takes until a command in the kitchen is understood, its own time apart."""
    known = len(_kitchen_turns(home))
    await home.satellite.kill()
    started_s = await home.satellite.start()
    if not await until(lambda: len(_kitchen_turns(home)) > known, 60):
        return None
    talk = Talk(home=home, turn_id=_kitchen_turns(home)[-1], asked_s=since_s)
    spoken_s = 4.5  # silence, wake word, command, pause
    if not await until(lambda: bool(talk.data("heard")), 30):
        return None
    return max(0.0, time.monotonic() - started_s - spoken_s)


async def _announces(home: Home, since_s: float) -> float | None:
    """Return how long (s) after a time the satellite says something to its end."""
    room = next(
        one["entity_id"]
        for one in await home.house.get("/api/states")
        if one["entity_id"].startswith("assist_satellite.")
    )
    while time.monotonic() - since_s < 30:
        state = await home.house.state_of(room)
        if state != "unavailable":
            await home.house.post(
                "/api/services/assist_satellite/announce",
                {"entity_id": room, "message": "Hi", "preannounce": False},
            )
            return time.monotonic() - since_s - 0.5  # what the word itself takes
        await asyncio.sleep(0.1)
    return None


async def _asked_before(home: Home, words: str) -> bool:
    """Return whether a question stands in the memory."""
    found = await home.house.call("waifu_rt3d/search", words=words)
    return bool(found.get("hits") or found.get("results"))


def _moves(talk: Talk) -> str:
    """Return what the body does."""
    return ", ".join(sorted({one.envelope["kind"] for one in talk.heard}))
