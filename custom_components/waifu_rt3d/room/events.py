"""Events between a room's satellite and core's pipeline."""

from homeassistant.components.assist_pipeline import PipelineEvent, PipelineEventType
from wyoming.asr import Transcribe, Transcript
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Info
from wyoming.tts import Synthesize

from ..turns.turn import Turn
from ..voice.events import user_event

FOLLOW_UP_S = 8.0
"""How long a room listens without a wake word when the character asked something."""


def wake_phrases(event: Event) -> set[str]:
    """Return what a satellite listens for, as it is said (event `info`)."""
    try:
        programs = Info.from_event(event).wake
    except KeyError, TypeError, ValueError:
        return set()
    models = [model for program in programs for model in program.models if model.installed]
    return {(model.phrase or model.name).replace("_", " ") for model in models}


def message_for(event: PipelineEvent, turn: Turn) -> Event | None:
    """Return what the satellite is told about an event of the pipeline."""
    data = event.data or {}
    match event.type:
        case PipelineEventType.STT_START:
            return Transcribe(language=data["metadata"]["language"]).event()
        case PipelineEventType.STT_END:
            return Transcript(text=data["stt_output"]["text"]).event()
        case PipelineEventType.TTS_START:
            return Synthesize(text=data["tts_input"]).event()
        case PipelineEventType.ERROR:
            return Error(text=data["message"], code=data["code"]).event()
        case PipelineEventType.INTENT_END if data["intent_output"]["continue_conversation"]:
            return user_event("listen", {"turn_id": turn.id, "seconds": FOLLOW_UP_S})
        case PipelineEventType.RUN_END if not turn.speech.text:
            return user_event("run-ended", {"turn_id": turn.id})
    return None
