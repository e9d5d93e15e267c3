"""Faults of the model's server."""

import time

from fake_llm import Reply

from .again import answers_again
from .home import SENTENCES, WHOLE, Home
from .outcome import Outcome
from .parts import until
from .talk import ask


async def model_refuses(home: Home) -> Outcome:
    """Let nobody answer where the model was."""
    home.model_line.cut()
    talk = await ask(home)
    sign_s = await talk.sign_after(talk.asked_s)
    await talk.over()
    await home.model_line.mend()
    return Outcome(
        sign_s=sign_s,
        back_s=await answers_again(home, time.monotonic()),
        experience=f"She says: “{talk.shown}”",
    )


async def model_stalls(home: Home) -> Outcome:
    """Let the model take the question and never say a word."""
    home.model.reply = Reply(words=(), hang=True)
    talk = await ask(home)
    # that she thinks is shown at once; what counts is what comes while nothing comes
    await until(lambda: talk.state == "thinking", 10)
    sign_s = await talk.sign_after(time.monotonic())
    moves = ", ".join(sorted({one.envelope["kind"] for one in talk.heard}))
    told = f"She says: “{talk.shown}”" if talk.shown else f"She shows that she thinks ({moves})."
    await talk.cancel()
    await talk.over()
    home.model.reply = WHOLE
    return Outcome(
        sign_s=sign_s,
        back_s=await answers_again(home, time.monotonic()),
        experience=f"{told} A tap stops it.",
    )


async def model_dies_mid_sentence(home: Home) -> Outcome:
    """Let the model's server die after the first sentences."""
    home.model.reply = Reply(words=SENTENCES[:2], hang=True)
    talk = await ask(home)
    await until(lambda: "second one" in talk.shown, 20)
    at_s = time.monotonic()
    home.model_line.cut()
    sign_s = await talk.sign_after(at_s)
    await talk.over()
    home.model.reply = WHOLE
    await home.model_line.mend()
    return Outcome(
        sign_s=sign_s,
        back_s=await answers_again(home, time.monotonic()),
        experience=f"What she had said stays, and she ends with: “…{talk.shown[-70:]}”",
        lost="" if SENTENCES[0].strip() in talk.shown else "words",
    )
