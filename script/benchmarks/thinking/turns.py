"""Turns around an instant model: what is ours of the time, and the same through core's own integration."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import statistics
from time import perf_counter, time
from typing import Any

from demo_run.places import DemoError
from fake_llm import FakeLlm, Reply
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import chat_session
from homeassistant.util.ulid import ulid_now

from .engines import add_engines
from .home import WORDS, add_companion, add_core_agent, home

TURNS = 50
CANCELS = 15
SPOKEN = 15
WARM_UP = 5
PAUSES = 5
PAUSE_S = 0.5
"""How long it is silent before the words are final, as our ears wait."""
READ_TOKENS_PER_S = 200.0
"""What a small computer reads with a model of a few billion weights."""
_QUESTION = "What do you think about clouds?"
_LIMIT_S = 10

type Figures = dict[str, float]


async def measure(folder: Path, turns: int = TURNS) -> Figures:
    """Return the figures; each is the middle of many turns."""
    async with home(folder) as (hass, fake):
        await add_engines(hass)
        core = await add_core_agent(hass, fake)
        ours = await add_companion(hass, fake, voice="tts.instant", ears="stt.instant")
        for agent in (ours, core) * WARM_UP:
            await _first_delta(hass, fake, agent)
        pairs = [
            (await _first_delta(hass, fake, ours), await _first_delta(hass, fake, core))
            for _ in range(turns)
        ]
        overheads = [mine[1] for mine, _ in pairs]
        mine, theirs = (statistics.median(pair[i][0] for pair in pairs) for i in (0, 1))
        cancels = [await _cancel(hass, fake, ours) for _ in range(CANCELS)]
        spoken = [await _spoken(hass) for _ in range(SPOKEN)]
        pauses = [
            [await _after_pause(hass, fake, prepares=prepares) for prepares in (False, True)]
            for _ in range(PAUSES)
        ]
        unprepared, prepared = (statistics.median(pair[i] for pair in pauses) for i in (0, 1))
        return {
            "provider_overhead_ms": round(statistics.median(overheads), 2),
            "cancel_ms": round(statistics.median(cancels), 2),
            "speech_end_to_audio_ms": round(statistics.median(spoken[1:]), 1),
            "unprepared_first_word_ms": round(unprepared, 1),
            "prepared_first_word_ms": round(prepared, 1),
            "request_to_delta_ms": round(mine, 2),
            "core_request_to_delta_ms": round(theirs, 2),
            "core_ratio": round(mine / theirs, 3),
        }


async def _first_delta(hass: HomeAssistant, fake: FakeLlm, agent: str) -> tuple[float, float]:
    """Return the time (ms) from the request's and from the first byte's, to the first words in the chat log."""
    came: list[float] = []

    @callback
    def listen(_log: conversation.ChatLog, delta: dict[str, Any]) -> None:
        if delta.get("content") and not came:
            came.append(perf_counter())

    before = len(fake.asked_s)
    await _converse(hass, agent, listen)
    if not came or len(fake.asked_s) != before + 1:
        raise DemoError(f"{agent} did not ask the model once.")
    return (came[0] - fake.asked_s[-1]) * 1000, (came[0] - fake.first_byte_s[-1]) * 1000


async def _converse(hass: HomeAssistant, agent: str, listen: Any) -> None:
    """Ask an agent in a new conversation."""
    conversation_id = f"bench-{ulid_now()}"
    user_input = conversation.ConversationInput(
        text=_QUESTION,
        context=Context(),
        conversation_id=conversation_id,
        device_id=None,
        satellite_id=None,
        language="en",
        agent_id=agent,
        extra_system_prompt=None,
    )
    with (
        chat_session.async_get_chat_session(hass, conversation_id) as session,
        conversation.async_get_chat_log(hass, session, user_input, chat_log_delta_listener=listen),
    ):
        await conversation.async_converse(
            hass, _QUESTION, conversation_id, user_input.context, language="en", agent_id=agent
        )


async def _cancel(hass: HomeAssistant, fake: FakeLlm, agent: str) -> float:
    """Return how long (ms) the server does not know that an answer was stopped."""
    # the component is loaded by Home Assistant, from the folder of the bench
    from custom_components.waifu_rt3d.house import HOUSE  # noqa: PLC0415 - see above
    from custom_components.waifu_rt3d.turns.turn import CancelReason  # noqa: PLC0415 - see above

    fake.reply, fake.left_s = Reply(words=WORDS, hang=True), 0.0
    spoke = asyncio.Event()
    listen = callback(lambda _log, delta: spoke.set() if delta.get("content") else None)
    task = asyncio.create_task(_converse(hass, agent, listen))
    async with asyncio.timeout(_LIMIT_S):
        await spoke.wait()
        began_s = perf_counter()
        for turn in list(hass.data[HOUSE].turns.values()):
            turn.cancel(CancelReason.USER)
        while not fake.left_s:
            await asyncio.sleep(0.001)
        await asyncio.gather(task, return_exceptions=True)
    fake.reply = Reply(words=WORDS)
    return (fake.left_s - began_s) * 1000


async def _spoken(hass: HomeAssistant) -> float:
    """Return the time (ms) from the end of the microphone's sound to the first byte of the reply's."""
    from homeassistant.components import tts  # noqa: PLC0415 - see above

    from custom_components.waifu_rt3d.house import HOUSE  # noqa: PLC0415 - as above
    from custom_components.waifu_rt3d.turns.pipeline import async_run_audio  # noqa: PLC0415 - see above
    from custom_components.waifu_rt3d.turns.turn import (  # noqa: PLC0415 - see above
        HOUSEHOLD_PERSON,
        CancelReason,
        Origin,
        current_turn,
    )

    house, ended, urls = hass.data[HOUSE], [0.0], asyncio.Queue[str]()
    character = house.default_character
    assert character is not None
    turn = await house.async_begin_turn(
        character=character, person=HOUSEHOLD_PERSON, origin=Origin.CARD, owner="bench"
    )
    turn.offer_audio = lambda url, _mime: urls.put_nowait(url)  # type: ignore[method-assign] # instead of a card
    current_turn.set(turn)

    async def microphone() -> AsyncGenerator[bytes]:
        for _ in range(10):
            yield bytes(640)
        ended[0] = perf_counter()

    run = asyncio.create_task(
        async_run_audio(
            hass,
            turn,
            microphone(),
            pipeline_id=character.pipeline or "",
            context=Context(),
            speak=True,
            finds_end=False,
        )
    )
    async with asyncio.timeout(_LIMIT_S):
        stream = tts.async_get_stream(hass, (await urls.get()).rpartition("/")[2])
        assert stream is not None
        async for _ in stream.async_stream_result():
            break
        took_ms = (perf_counter() - ended[0]) * 1000
        await run
    turn.cancel(CancelReason.USER)
    turn.close()
    return took_ms


async def _after_pause(hass: HomeAssistant, fake: FakeLlm, *, prepares: bool) -> float:
    """Return the time (ms) from the final words to the answer's first, with a model that takes time to read."""
    from custom_components.waifu_rt3d.house import HOUSE  # noqa: PLC0415 - as above
    from custom_components.waifu_rt3d.turns.pipeline import async_run_text  # noqa: PLC0415 - see above
    from custom_components.waifu_rt3d.turns.prefill import HeardFrom, prefill, rehearse  # noqa: PLC0415 - see above
    from custom_components.waifu_rt3d.turns.turn import (  # noqa: PLC0415 - see above
        HOUSEHOLD_PERSON,
        CancelReason,
        Origin,
        current_turn,
    )

    house = hass.data[HOUSE]
    character = house.default_character
    assert character is not None
    fake.read_tokens_per_s = READ_TOKENS_PER_S
    turn = await house.async_begin_turn(
        character=character, person=HOUSEHOLD_PERSON, origin=Origin.SATELLITE
    )
    current_turn.set(turn)
    prefill(hass, turn, HeardFrom())
    # somebody speaks; the beginning is read meanwhile
    await asyncio.sleep(PAUSE_S)
    question = f"{_QUESTION} I have asked {ulid_now()} before."
    if prepares:
        rehearse(hass, turn, question, "en")
    await asyncio.sleep(PAUSE_S)
    began_ms = time() * 1000
    await async_run_text(
        hass,
        turn,
        question,
        pipeline_id=character.pipeline or "",
        context=Context(),
        speak=False,
    )
    first_ms = turn.stage_times["first_text"]
    turn.cancel(CancelReason.USER)
    turn.close()
    fake.read_tokens_per_s = 0.0
    return first_ms - began_ms
