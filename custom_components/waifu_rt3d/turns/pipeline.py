"""Runs of core's Assist pipeline, tied to a turn.

The only file that imports `PipelineRun` and `PipelineInput`, which core does not export; a contract
test (`tests/component/test_pipeline.py`) fails when a release changes what is used here.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.components import stt, tts
from homeassistant.components.assist_pipeline import (
    AudioSettings,
    PipelineEvent,
    PipelineEventType,
    PipelineStage,
    async_get_pipeline,
    async_get_pipelines,
    async_update_pipeline,
)
from homeassistant.components.assist_pipeline.error import PipelineError, PipelineNotFound
from homeassistant.components.assist_pipeline.pipeline import (
    KEY_ASSIST_PIPELINE,
    Pipeline,
    PipelineInput,
    PipelineRun,
)
from homeassistant.components.conversation import HOME_ASSISTANT_AGENT
from homeassistant.const import MATCH_ALL
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import chat_session

from ..stage.markup import Piece
from ..stage.receipt import Part
from .receipts import note_engine
from .turn import Turn

WAV_OUTPUT: dict[str, Any] = {tts.ATTR_PREFERRED_FORMAT: "wav"}
"""A dict and no sample rate: every other form sends the sound through a converter."""

_ERRORS = {
    "stt-no-text-recognized": "nothing_heard",
    "stt-stream-failed": "ears_lost",
    "stt-provider-missing": "ears_missing",
    "stt-provider-unsupported-metadata": "ears_missing",
    "intent-failed": "model_failed",
    "intent-not-supported": "agent_missing",
    "tts-not-supported": "voice_lost",
}


@callback
def attach_speech(hass: HomeAssistant, turn: Turn, event: PipelineEvent) -> tts.ResultStream | None:
    """Let the voice read the turn's text from the first word on (event `run-start`).

    Core would wait for 60 characters and keep short replies as files; a stream set first wins, is
    never cached, and ends when the turn is cancelled.
    """
    output = (event.data or {}).get("tts_output")
    if output is None:
        return None
    stream = tts.async_get_stream(hass, output["token"])
    if stream is not None:
        turn.voiced = True
        stream.use_file_cache = False
        stream.async_set_message_stream(turn.speech.stream())
    return stream


@callback
def follow(hass: HomeAssistant, turn: Turn, event: PipelineEvent) -> None:
    """Tell the turn what the pipeline does."""
    data = event.data or {}
    match event.type:
        case PipelineEventType.STT_START:
            note_engine(hass, turn, Part.HEARD, data.get("engine"))
        case PipelineEventType.TTS_START if turn.voiced:
            note_engine(hass, turn, Part.SPOKEN, data.get("engine"))
    match event.type:
        case PipelineEventType.STT_VAD_END:
            turn.note_time("speech_end")
        case PipelineEventType.STT_END:
            turn.hear(data["stt_output"]["text"], final=True)
        case PipelineEventType.INTENT_START:
            turn.think()
        case PipelineEventType.TTS_START if not turn.speech.text:
            # a sentence trigger answered: core never asked our conversation entity
            text = data.get("tts_input") or ""
            turn.say(Piece(display=text, speech=text, cues=()))
        case PipelineEventType.ERROR:
            turn.fail(_ERRORS.get(data.get("code", ""), "pipeline_failed"))
        case PipelineEventType.RUN_END:
            turn.finish_text()
            _end_without_voice(turn)


@callback
def _end_without_voice(turn: Turn) -> None:
    """Let a text that nobody reads aloud move the mouth; a run without text is over."""
    if turn.voiced or turn.segments:
        return
    if turn.speech.text:
        turn.mime()
    else:
        turn.close()


async def async_run_text(
    hass: HomeAssistant,
    turn: Turn,
    text: str,
    *,
    pipeline_id: str,
    context: Context,
    speak: bool,
    device_id: str | None = None,
) -> None:
    """Run a typed turn through the character's pipeline; errors end the turn."""
    turn.hear(text, final=True)
    run = _card_run(hass, turn, pipeline_id, context, speak=speak, first=PipelineStage.INTENT)
    if run is None:
        return
    with chat_session.async_get_chat_session(hass, conversation_id(turn)) as session:
        pipeline_input = PipelineInput(
            run=run, session=session, intent_input=text, device_id=device_id
        )
        await _async_execute(turn, pipeline_input)


async def async_run_speech(
    hass: HomeAssistant, turn: Turn, *, pipeline_id: str, context: Context
) -> None:
    """Speak what a turn says already; without a voice the mouth moves by the text."""
    run = _card_run(hass, turn, pipeline_id, context, speak=True, first=PipelineStage.TTS)
    if run is None:
        return
    with chat_session.async_get_chat_session(hass, conversation_id(turn)) as session:
        text = turn.speech.text
        await _async_execute(turn, PipelineInput(run=run, session=session, tts_input=text))


async def async_run_audio(
    hass: HomeAssistant,
    turn: Turn,
    microphone: AsyncGenerator[bytes],
    *,
    pipeline_id: str,
    context: Context,
    speak: bool,
    finds_end: bool,
    last: PipelineStage | None = None,
    device_id: str | None = None,
) -> None:
    """Run a spoken turn (16 kHz, 16 bit, mono) through the pipeline; errors end the turn.

    `finds_end` lets the ears or core's voice detection, whichever is sooner, end the listening; else
    the microphone's end does.
    `last` ends the run early: words that are checked first are heard and not answered.
    """
    settings = AudioSettings(is_vad_enabled=finds_end)
    turn.finds_end = finds_end
    run = _card_run(
        hass, turn, pipeline_id, context, speak=speak, last=last, audio_settings=settings
    )
    if run is None:
        return
    with chat_session.async_get_chat_session(hass, conversation_id(turn)) as session:
        metadata = _metadata(run.pipeline)
        pipeline_input = PipelineInput(
            run=run,
            session=session,
            stt_metadata=metadata,
            stt_stream=microphone,
            device_id=device_id,
        )
        await _async_execute_until_cancelled(turn, pipeline_input)


async def _async_execute_until_cancelled(turn: Turn, pipeline_input: PipelineInput) -> None:
    """Execute the pipeline; a turn that is cancelled before it has words goes on no further."""
    running = asyncio.ensure_future(_async_execute(turn, pipeline_input))
    cancelled = asyncio.ensure_future(turn.cancelled.wait())
    try:
        await asyncio.wait((running, cancelled), return_when=asyncio.FIRST_COMPLETED)
        if turn.cancelled.is_set() and not turn.heard_text:
            # what was heard up to here is no question: the run must not go on with it
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        else:
            await running
    finally:
        cancelled.cancel()
        running.cancel()


def _card_run(
    hass: HomeAssistant,
    turn: Turn,
    pipeline_id: str,
    context: Context,
    *,
    speak: bool,
    first: PipelineStage = PipelineStage.STT,
    last: PipelineStage | None = None,
    audio_settings: AudioSettings | None = None,
) -> PipelineRun | None:
    """Return a run whose sound is offered to the card; without a pipeline the turn ends."""
    try:
        pipeline = async_get_pipeline(hass, pipeline_id)
    except PipelineNotFound:
        turn.fail("character_missing")
        return None
    if first is PipelineStage.STT and pipeline.stt_engine is None:
        turn.fail("ears_missing")
        return None
    voiced = speak and pipeline.tts_engine is not None
    if first is PipelineStage.TTS and not voiced:
        turn.mime()
        return None

    @callback
    def on_event(event: PipelineEvent) -> None:
        if event.type is PipelineEventType.RUN_START:
            stream = attach_speech(hass, turn, event)
            if stream is not None:
                turn.offer_audio(stream.url, stream.content_type)
        follow(hass, turn, event)

    return PipelineRun(
        hass,
        context=context,
        pipeline=pipeline,
        start_stage=first,
        end_stage=last or (PipelineStage.TTS if voiced else PipelineStage.INTENT),
        event_callback=on_event,
        tts_audio_output=WAV_OUTPUT,
        audio_settings=audio_settings or AudioSettings(),
    )


async def _async_execute(turn: Turn, pipeline_input: PipelineInput) -> None:
    """Check and execute a run; what it can't do ends the turn."""
    try:
        await pipeline_input.validate()
    except PipelineError as err:
        turn.fail(_ERRORS.get(err.code, "pipeline_failed"))
        return
    await pipeline_input.execute()


def _metadata(pipeline: Pipeline) -> stt.SpeechMetadata:
    """Return the only format in which the Assist pipeline listens."""
    return stt.SpeechMetadata(
        language=pipeline.stt_language or pipeline.language,
        format=stt.AudioFormats.WAV,
        codec=stt.AudioCodecs.PCM,
        bit_rate=stt.AudioBitRates.BITRATE_16,
        sample_rate=stt.AudioSampleRates.SAMPLERATE_16000,
        channel=stt.AudioChannels.CHANNEL_MONO,
    )


def conversation_id(turn: Turn) -> str:
    """Return core's id of the turn's conversation: no ULID, so that core never replaces it."""
    return f"waifu-rt3d-{turn.start.session_id}"


async def async_ensure_pipeline(
    hass: HomeAssistant,
    *,
    pipeline_id: str | None,
    name: str,
    conversation_engine: str,
    ears: tuple[str, str] | None,
    voice: tuple[str, str] | None,
) -> str:
    """Make or mend a character's explicit pipeline and return its id.

    `ears` and `voice` are entity id and language. What the owner changed by hand stays: only
    missing or dead parts are set.
    """
    wanted: dict[str, Any] = {
        "stt_engine": ears[0] if ears else None,
        "stt_language": ears[1] if ears else None,
        "tts_engine": voice[0] if voice else None,
        "tts_language": voice[1] if voice else None,
    }
    existing = next((p for p in async_get_pipelines(hass) if p.id == pipeline_id), None)
    if existing is not None:
        if changes := _missing_parts(hass, existing, conversation_engine, wanted):
            await async_update_pipeline(hass, existing, **changes)
        return existing.id
    item: Pipeline = await hass.data[KEY_ASSIST_PIPELINE].pipeline_store.async_create_item(
        {
            "name": name,
            "language": hass.config.language,
            "conversation_engine": conversation_engine,
            "conversation_language": MATCH_ALL,
            "tts_voice": None,
            "wake_word_entity": None,
            "wake_word_id": None,
            "prefer_local_intents": False,
            **wanted,
        }
    )
    return item.id


@callback
def _missing_parts(
    hass: HomeAssistant, pipeline: Pipeline, conversation_engine: str, wanted: dict[str, Any]
) -> dict[str, Any]:
    """Return the fields to set: those that are empty or name an entity that is gone."""
    changes: dict[str, Any] = {}
    if pipeline.conversation_engine != conversation_engine:
        changes["conversation_engine"] = conversation_engine
    for kind in ("stt", "tts"):
        current = getattr(pipeline, f"{kind}_engine")
        if wanted[f"{kind}_engine"] != current and (
            current is None or hass.states.get(current) is None
        ):
            changes |= {key: value for key, value in wanted.items() if key.startswith(kind)}
    return changes


async def async_remove_pipeline(hass: HomeAssistant, pipeline_id: str) -> None:
    """Delete a pipeline that we made; where it is the preferred one, another of the house takes over.

    The only pipeline of a house stays: core can't be without.
    """
    store = hass.data[KEY_ASSIST_PIPELINE].pipeline_store
    if pipeline_id not in store.data:
        return
    if pipeline_id == store.async_get_preferred_item():
        others = [one for one in async_get_pipelines(hass) if one.id != pipeline_id]
        if not others:
            return
        core_first = sorted(others, key=lambda one: one.conversation_engine != HOME_ASSISTANT_AGENT)
        store.async_set_preferred_item(core_first[0].id)
    await store.async_delete_item(pipeline_id)
