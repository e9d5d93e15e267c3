"""Answer one thing that a person said, from the words to the end of the text."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace
import time

from homeassistant.components import conversation
from homeassistant.components.conversation import HOME_ASSISTANT_AGENT
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from ..cast.children import CHILDREN
from ..characters.childhood import break_line, not_for_children
from ..characters.distress import calm_answer, is_distress
from ..characters.prompt import system_text
from ..characters.written import Moment
from ..const import DOMAIN, LOGGER
from ..minds import consent
from ..minds.circumstances import lore_of
from ..minds.commands import async_try_command
from ..minds.consent import CONSENTS, Waiting
from ..minds.delegate import Delegate, Question, controls_house
from ..minds.exposure import STRANGER
from ..minds.house_tools import ToolUse
from ..minds.model_servers import MODEL_SERVERS, ModelServer
from ..minds.own_model import OwnModel, Words
from ..minds.talks import TALKS
from ..remembering.recalling import Past, async_past
from ..stage.markup import MarkupParser, Piece
from ..stage.receipt import Helper, Part
from ..stage.untagged import Untagged
from . import first_meeting
from .asked import Asked
from .first_meeting import FIRST_MEETINGS
from .streams import until
from .tools_used import note_response, note_tool
from .turn import CancelReason

COMMANDS = Helper(name="Home Assistant")
"""Sentences and intents of the house itself."""
WRITTEN = Helper(name="")
"""Lines that somebody wrote; they have no name, the card has a word for them."""

__all__ = ["Asked", "run_turn"]


@dataclass(slots=True, kw_only=True)
class Answer:
    """How a question is answered: a stream of markup, and what Home Assistant made of it."""

    deltas: Words
    response: intent.IntentResponse | None = None
    delegate: Delegate | None = None
    thought: bool = False
    """A model wrote it; its sentences may lack tags."""

    @property
    def asks_back(self) -> bool:
        """Return whether the character waits for an answer without a wake word."""
        result = self.delegate.result if self.delegate else None
        return result is not None and result.continue_conversation

    def waits(self, spoken: str) -> bool:
        """Return whether the character waits for an answer without a wake word."""
        own_question = self.thought and self.delegate is None
        return self.asks_back or (own_question and spoken.rstrip().endswith(("?", "？")))


async def run_turn(asked: Asked) -> conversation.ConversationResult:
    """Do or answer what was said and return when the *text* is complete; the sound goes on."""
    turn = asked.turn
    turn.hear(asked.text, final=True)
    turn.think()
    asked.hass.data[TALKS].began(turn)
    try:
        answer = await _answer(asked)
        await _write(asked, answer)
        _check_said(asked, answer)
        asked.hass.data[TALKS].wrote(turn)
    except HomeAssistantError as err:
        LOGGER.warning("The model of the character did not answer: %s", err)
        turn.error = err.translation_key or "model_failed"
        answer = Answer(deltas=_instead(asked))
        if turn.speech.text:
            # what a model that broke off had said is not run into what is said instead
            turn.say(Piece(display=" ", speech=" ", cues=()))
        await _write(asked, answer)
    except asyncio.CancelledError:
        turn.cancel(CancelReason.LOST)
        raise
    if asked.hass.data[CHILDREN].wants_break(turn, time.monotonic()):
        turn.say(Piece(display=" ", speech=" ", cues=()))
        await _write(asked, Answer(deltas=_one_piece(break_line(asked.language))))
    turn.finish_text()
    waits = answer.waits(turn.speech.text) or asked.hass.data[CONSENTS].asks(turn.id)
    response = answer.response or intent.IntentResponse(language=asked.language)
    response.async_set_speech(turn.speech.text)
    return conversation.ConversationResult(
        response=response,
        conversation_id=asked.chat_log.conversation_id,
        continue_conversation=waits,
    )


def _check_said(asked: Asked, answer: Answer) -> None:
    """Raise where a model has come to its end and neither said, showed nor did anything."""
    turn = asked.turn
    if answer.thought and not (
        turn.display_text or turn.cues or turn.tools or turn.cancelled.is_set()
    ):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="provider_empty",
            translation_placeholders={"name": asked.character.name},
        )


async def _answer(asked: Asked) -> Answer:
    """Try a command, then small talk, then the character's model."""
    character, words = asked.character, asked.words
    receipt = asked.turn.receipt
    if (script := asked.hass.data[FIRST_MEETINGS].script(asked.turn)) is not None:
        receipt.note(Part.THOUGHT, WRITTEN)
        return Answer(deltas=_one_piece(script))
    if (decided := consent.answered(asked)) is not None:
        return Answer(deltas=_decided(asked, *decided))
    if is_distress(asked.text):
        # no role, no model and no command: the same calm words each time
        return Answer(deltas=_one_piece(calm_answer(asked.language, asked.hass.config.country)))
    done = await async_try_command(asked.hass, asked.user_input, asked.chat_log)
    if done is not None:
        receipt.note(Part.THOUGHT, COMMANDS)
        note_response(asked.turn, done.response)
        text = done.text if done.verbatim else words.command(character, done.response, done.text)
        return Answer(deltas=_one_piece(text), response=done.response)
    if asked.hass.data[CHILDREN].must_not_meet(asked.turn, character):
        receipt.note(Part.THOUGHT, WRITTEN)
        return Answer(deltas=_one_piece(not_for_children(asked.language)))
    if (scene := await first_meeting.async_answer(asked)) is not None:
        receipt.note(Part.THOUGHT, WRITTEN)
        return Answer(deltas=_one_piece(scene))
    has_model = character.model != HOME_ASSISTANT_AGENT
    talk = words.small_talk(character, asked.language, asked.text, has_model=has_model)
    if talk is not None:
        receipt.note(Part.THOUGHT, WRITTEN)
        return Answer(deltas=_one_piece(talk))
    if not has_model:
        delegate = Delegate(asked.hass, character.model, asked.turn)
        return Answer(deltas=_plain_agent(asked, delegate), delegate=delegate)
    if character.untrusted:
        asked.turn.exposed_to = character.person
    if servers := _servers(asked):
        past = await async_past(asked)
        remembering = replace(asked, memories=past.memories, foreign=past.foreign)
        return Answer(deltas=OwnModel(remembering, servers).stream(), thought=True)
    controls = controls_house(asked.hass, character.model)
    if character.untrusted and controls:
        # the text of a stranger must not reach an agent that acts without asking us
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="agent_unguarded",
            translation_placeholders={"name": character.name},
        )
    past = await async_past(asked, said_here=controls)
    lore = lore_of(asked)
    if controls:
        lore = replace(lore, brought=())
    if past.foreign or lore.brought:
        asked.turn.untrusted, asked.turn.exposed_to = True, STRANGER
    delegate = Delegate(asked.hass, character.model, asked.turn, strict=True)
    question = _question(asked, past.before(asked.text, lore.all, asked.persona().reminder), past)
    return Answer(deltas=delegate.stream(question), delegate=delegate, thought=True)


def _servers(asked: Asked) -> list[ModelServer]:
    """Return the owner's own models for this character, the preferred one first."""
    servers, character = asked.hass.data[MODEL_SERVERS], asked.character
    first = servers.get(character.model)
    second = servers.get(character.fallback)
    return [server for server in (first, second) if server is not None] if first else []


async def _decided(asked: Asked, waiting: Waiting, agreed: bool) -> Words:
    """Do what the person has confirmed, or leave it."""
    uses, text = await consent.async_settle(asked, waiting, consent=agreed)
    asked.turn.receipt.note(Part.THOUGHT, WRITTEN)
    for use in uses:
        note_tool(asked.hass, asked.turn, waiting.api, use.call, use.result)
        yield use
    yield text


async def _instead(asked: Asked) -> AsyncGenerator[str]:
    """Let Home Assistant's own agent try when the model is gone, and else apologise."""
    delegate = Delegate(asked.hass, HOME_ASSISTANT_AGENT, asked.turn)
    if asked.character.model != HOME_ASSISTANT_AGENT and not asked.turn.speech.text:
        text = "".join([piece async for piece in delegate.stream(_question(asked, asked.text))])
        response = delegate.result.response if delegate.result else None
        if response is not None and response.error_code is None:
            yield asked.words.command(asked.character, response, text)
            return
    asked.turn.receipt.note(Part.THOUGHT, WRITTEN)
    yield asked.words.line(asked.character, asked.language, Moment.OFFLINE)


async def _plain_agent(asked: Asked, delegate: Delegate) -> AsyncGenerator[str]:
    """Let Home Assistant's own agent try once more, and dress or replace what it says."""
    text = "".join([piece async for piece in delegate.stream(_question(asked, asked.text))])
    response = delegate.result.response if delegate.result else None
    if response is None or response.error_code is intent.IntentResponseErrorCode.NO_INTENT_MATCH:
        asked.turn.receipt.note(Part.THOUGHT, WRITTEN)
        yield asked.words.no_answer(asked.character, asked.language, asked.text)
    else:
        yield asked.words.command(asked.character, response, text)


async def _write(asked: Asked, answer: Answer) -> None:
    """Pass an answer through the markup into the turn and the chat log."""
    stream = _speech(asked, answer)
    agent_id = asked.user_input.agent_id
    async for _ in asked.chat_log.async_add_delta_content_stream(agent_id, stream):
        pass


async def _speech(
    asked: Asked, answer: Answer
) -> AsyncIterator[
    conversation.AssistantContentDeltaDict | conversation.ToolResultContentDeltaDict
]:
    """Yield what is spoken, which alone goes into the chat log; the rest goes to the turn."""
    turn = asked.turn
    offset = len(turn.speech.text)
    markup, untagged = MarkupParser(offset), Untagged(asked.language, offset)

    def say(piece: Piece) -> str:
        cues = untagged.heard(piece) if answer.thought else ()
        turn.say(replace(piece, cues=(*piece.cues, *cues)))
        return piece.speech

    yield {"role": "assistant"}
    async for item in until(turn.cancelled, answer.deltas):
        if isinstance(item, ToolUse):
            for delta in _tool_deltas(item):
                yield delta
        elif speech := say(markup.feed(item)):
            yield {"content": speech}
    if speech := say(markup.finish()):
        yield {"content": speech}
    if answer.thought and (cues := untagged.finish()):
        turn.say(Piece(display="", speech="", cues=cues))


def _tool_deltas(
    use: ToolUse,
) -> list[conversation.AssistantContentDeltaDict | conversation.ToolResultContentDeltaDict]:
    """Return a use of a tool as the chat log keeps it; the answer goes on behind it."""
    return [
        {"tool_calls": [use.call]},
        {
            "role": "tool_result",
            "tool_call_id": use.call.id,
            "tool_name": use.call.tool_name,
            "result": use.result,
        },
        {"role": "assistant"},
    ]


async def _one_piece(text: str) -> AsyncGenerator[str]:
    """Yield a text that is already complete."""
    yield text


def _question(asked: Asked, text: str, past: Past = Past()) -> Question:
    """Pass on what was said, with the place it came from and who answers."""
    user_input = asked.user_input
    return Question(
        text=text,
        history=past.history,
        rewound=past.rewound,
        conversation_id=f"waifu-{asked.turn.start.session_id}",
        language=asked.language,
        context=user_input.context,
        device_id=user_input.device_id,
        satellite_id=user_input.satellite_id,
        extra_system_prompt=system_text(asked.persona()),
    )
