"""Faults of the speech server."""

import time

from fake_llm import Reply

from .again import begin_in, hears_again, sounds_again
from .home import WHOLE, Home
from .outcome import Outcome
from .parts import until
from .talk import Talk, ask

_LONG = ("Clouds are water that has learned to fly, and they never stay. ",) * 12


async def speech_dies_speaking(home: Home) -> Outcome:
    """Kill the speech server while she speaks."""
    talk = await _speaks(home)
    at_s = await home.speech.kill()
    sign_s, lost = await _goes_on(home, talk, at_s)
    back_s = await sounds_again(home, await home.speech.start())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=_told(talk), lost=lost)


async def speech_is_pulled(home: Home) -> Outcome:
    """Pull the speech server's cable while she speaks; neither end is told."""
    talk = await _speaks(home)
    at_s = time.monotonic()
    home.speech_line.pull()
    sign_s, lost = await _goes_on(home, talk, at_s)
    home.speech_line.plug()
    back_s = await sounds_again(home, time.monotonic())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=_told(talk), lost=lost)


async def speech_dies_listening(home: Home) -> Outcome:
    """Kill the speech server while somebody speaks in the kitchen."""
    talk, saying = await begin_in(home, home.kitchen)
    at_s = await home.speech.kill()
    sign_s = await talk.sign_after(at_s)
    await saying
    await talk.over(60)
    told = f"The room makes its sound for a failure, the card says {talk.error or talk.state}."
    back_s = await hears_again(home, home.kitchen, await home.speech.start())
    return Outcome(sign_s=sign_s, back_s=back_s, experience=told)


async def _speaks(home: Home) -> Talk:
    """Return a long answer that has begun to sound."""
    home.model.reply = Reply(words=_LONG)
    talk = await ask(home, speak=True)
    await until(lambda: talk.sound_bytes > 20_000, 30)
    return talk


async def _goes_on(home: Home, talk: Talk, at_s: float) -> tuple[float | None, str]:
    """Return when something was seen of the fault, and what of the text was lost by it."""
    sign_s = await talk.sign_after(at_s)
    await talk.over(90)
    home.model.reply = WHOLE
    return sign_s, "" if talk.shown.count("Clouds") == len(_LONG) else "text"


def _told(talk: Talk) -> str:
    """Return what the person has of a voice that broke off."""
    said = f" The card says {talk.error}." if talk.error else ""
    return f"Her voice breaks off, all {len(talk.shown)} letters of the answer stand there.{said}"
