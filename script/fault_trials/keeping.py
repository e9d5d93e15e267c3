"""Faults of Home Assistant itself and of its disk."""

import asyncio
from dataclasses import replace
import os
import time

from fake_llm import Reply

from .again import answers_again, begin_in, hears_again
from .home import SENTENCES, WHOLE, Home
from .outcome import Outcome
from .parts import until
from .talk import ask

SLOW = replace(WHOLE, pause_s=0.3)
"""An answer in whose middle something may happen."""
_BEFORE = "Remember what stood here before"
_DURING = "Remember what I say on a full disk"
_ON_A_GOOD_DISK = "Remember what I say while the disk is good"
_AFTER = "Remember what I say with room again"


async def house_dies_streaming(home: Home) -> Outcome:
    """Kill Home Assistant in the middle of an answer."""
    home.model.reply = Reply(words=SENTENCES[:2], hang=True)
    talk = await ask(home, text="Remember what I ask before you die")
    await until(lambda: "second one" in talk.shown, 20)
    await home.house_part.kill()
    home.model.reply = WHOLE
    await home.house_part.start()
    await home.log_in_again()
    kept = await _answers_to(home, "Remember what I ask before you die")
    back_s = await answers_again(home, time.monotonic())
    return Outcome(
        sign_is_elsewhere="the page, which says that the connection is lost",
        back_s=back_s,
        experience="The answer stands still; after the start the question is there, and can be asked again.",
        lost="the question" if kept is None else "",
    )


async def house_dies_listening(home: Home) -> Outcome:
    """Kill Home Assistant while somebody speaks in the kitchen; when it is back, the satellite, too."""
    _talk, saying = await begin_in(home, home.kitchen)
    await home.house_part.kill()
    await saying
    signed = await until(lambda: home.kitchen.state == "offline", 10)
    await home.house_part.start()
    await home.log_in_again()
    back_s = await hears_again(home, home.kitchen, time.monotonic())
    await home.kitchen.kill()
    again_s = await hears_again(home, home.kitchen, await home.kitchen.start())
    return Outcome(
        sign_is_elsewhere="the room, which says that nobody is there" if signed else "",
        back_s=None if back_s is None or again_s is None else max(back_s, again_s),
        experience="The room says that Home Assistant is not there, and hears again when it is.",
    )


async def disk_fills(home: Home) -> Outcome:
    """Fill Home Assistant's disk in the middle of an answer; make room after the turn."""
    number = time.monotonic_ns()
    before, during, full, after = (
        f"{words} {number}" for words in (_BEFORE, _DURING, "Can you still speak", _AFTER)
    )
    await (await ask(home, text=before)).over()
    home.model.reply = SLOW
    talk = await ask(home, text=during)
    await until(lambda: "second one" in talk.shown, 20)
    home.disk.fill()
    try:
        await talk.over()
        ended_s = time.monotonic()
        # what the memory's file has room for is stored on a full disk, too
        stored = not await until(lambda: bool(talk.data("notice")), 2) and (
            await _kept_soon(home, during)
        )
        told_s = time.monotonic() - ended_s
        notices = talk.data("notice")
        home.model.reply = WHOLE
        second = await ask(home, text=full)
        await second.over()
    finally:
        home.disk.make_room()
    back_s = await answers_again(home, time.monotonic())
    await (await ask(home, text=after)).over()
    lost = [one for one in (before, during, full, after) if not await _kept_soon(home, one)]
    whole = "last one" in talk.shown and "last one" in second.shown
    told = f"the card says {notices[-1]['key']}" if notices else "it is stored all the same"
    return Outcome(
        sign_s=told_s if notices or stored else None,
        back_s=back_s,
        experience=f"The answer goes on to its end; then {told}. With room again all is stored.",
        lost=", ".join(lost),
        missed="" if whole else "a whole answer on a full disk",
    )


async def disk_fails(home: Home) -> Outcome:
    """Let Home Assistant's disk become read-only in an answer; then it is repaired and all starts anew."""
    # what Home Assistant wrote of itself is no part of this: it lost its areas with the disk
    await asyncio.to_thread(os.sync)
    await (await ask(home, text=_ON_A_GOOD_DISK)).over()
    kept_before = await _kept_soon(home, _ON_A_GOOD_DISK)
    home.model.reply = SLOW
    talk = await ask(home, text="What do you say on a disk that has failed")
    await until(lambda: "second one" in talk.shown, 20)
    await home.disk.fail()
    await talk.over()
    ended_s = time.monotonic()
    await until(lambda: bool(talk.data("notice")), 10)
    notices, told_s = talk.data("notice"), time.monotonic() - ended_s
    home.model.reply = WHOLE
    second = await ask(home, text="Can you still speak on a failed disk")
    await second.over()
    await home.house_part.kill()
    await home.disk.repair()
    await home.house_part.start()
    await home.log_in_again()
    back_s = await answers_again(home, time.monotonic())
    kept = kept_before and await _kept_soon(home, _ON_A_GOOD_DISK)
    whole = "last one" in talk.shown and "last one" in second.shown
    key = str(notices[-1]["key"]) if notices else "nothing"
    return Outcome(
        sign_s=told_s if notices else None,
        back_s=back_s,
        experience=f"She goes on answering, the card says {key}: what was said since is lost by the restart.",
        lost="" if kept else "what was stored before",
        missed=""
        if whole and key == "memory_read_only"
        else "whole answers and the right sentence",
    )


async def _kept_soon(home: Home, question: str) -> bool:
    """Return whether a question stands in the memory with its whole answer, within a moment."""
    end_s = time.monotonic() + 10
    while time.monotonic() < end_s:
        answer = await _answers_to(home, question)
        if answer is not None and "last one" in answer:
            return True
    return False


async def _answers_to(home: Home, question: str) -> str | None:
    """Return what is stored after a question; nothing where the question is not stored."""
    found = await home.house.call("waifu_rt3d/search", words=question, order="newest")
    for session in dict.fromkeys(hit["session_id"] for hit in found["hits"]):
        past = await home.house.call("waifu_rt3d/session/history", session_id=session, limit=100)
        texts = [message["text"] for message in past["messages"]]
        at = next((n for n, text in enumerate(texts) if question in text), None)
        if at is not None:
            return texts[at + 1] if at + 1 < len(texts) else ""
    return None
