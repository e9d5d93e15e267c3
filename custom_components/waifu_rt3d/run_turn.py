"""Answer one thing that a person said, from the words to the end of the text."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from homeassistant.components import conversation
from homeassistant.components.conversation import HOME_ASSISTANT_AGENT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from .character import Character
from .characters.house_rules import house_rules
from .characters.mira import mira
from .characters.written import Moment
from .commands import async_try_command
from .const import LOGGER
from .delegate import Delegate, Question
from .own_words import OwnWords
from .stage.markup import MarkupParser
from .streams import until
from .turn import CancelReason, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that a person said, to whom, and where the answer goes."""

    hass: HomeAssistant
    turn: Turn
    character: Character
    words: OwnWords
    user_input: conversation.ConversationInput
    chat_log: conversation.ChatLog

    @property
    def text(self) -> str:
        """Return what was said."""
        return self.user_input.text

    @property
    def language(self) -> str:
        """Return the language that was spoken."""
        return self.user_input.language


@dataclass(slots=True, kw_only=True)
class Answer:
    """How a question is answered: a stream of markup, and what Home Assistant made of it."""

    deltas: AsyncGenerator[str]
    response: intent.IntentResponse | None = None
    delegate: Delegate | None = None

    @property
    def asks_back(self) -> bool:
        """Return whether the character waits for an answer without a wake word."""
        result = self.delegate.result if self.delegate else None
        return result is not None and result.continue_conversation


async def run_turn(asked: Asked) -> conversation.ConversationResult:
    """Do or answer what was said and return when the *text* is complete; the sound goes on."""
    turn = asked.turn
    turn.hear(asked.text, final=True)
    turn.think()
    answer = await _answer(asked)
    try:
        await _write(asked, answer.deltas)
    except HomeAssistantError as err:
        LOGGER.warning("The model of the character did not answer: %s", err)
        turn.error = err.translation_key or "model_failed"
        apology = asked.words.line(asked.character, asked.language, Moment.OFFLINE)
        await _write(asked, _one_piece(apology))
    except asyncio.CancelledError:
        turn.cancel(CancelReason.LOST)
        raise
    turn.finish_text()
    response = answer.response or intent.IntentResponse(language=asked.language)
    response.async_set_speech(turn.speech.text)
    return conversation.ConversationResult(
        response=response,
        conversation_id=asked.chat_log.conversation_id,
        continue_conversation=answer.asks_back,
    )


async def _answer(asked: Asked) -> Answer:
    """Try a command, then small talk, then the character's model."""
    character, words = asked.character, asked.words
    done = await async_try_command(asked.hass, asked.user_input, asked.chat_log)
    if done is not None:
        text = done.text if done.verbatim else words.command(character, done.response, done.text)
        return Answer(deltas=_one_piece(text), response=done.response)
    has_model = character.model != HOME_ASSISTANT_AGENT
    talk = words.small_talk(character, asked.language, asked.text, has_model=has_model)
    if talk is not None:
        return Answer(deltas=_one_piece(talk))
    delegate = Delegate(asked.hass, character.model)
    deltas = delegate.stream(_question(asked)) if has_model else _plain_agent(asked, delegate)
    return Answer(deltas=deltas, delegate=delegate)


async def _plain_agent(asked: Asked, delegate: Delegate) -> AsyncGenerator[str]:
    """Let Home Assistant's own agent try once more, and dress or replace what it says."""
    text = "".join([piece async for piece in delegate.stream(_question(asked))])
    response = delegate.result.response if delegate.result else None
    if response is None or response.error_code is intent.IntentResponseErrorCode.NO_INTENT_MATCH:
        yield asked.words.line(asked.character, asked.language, Moment.MISHEARD)
    else:
        yield asked.words.command(asked.character, response, text)


async def _write(asked: Asked, deltas: AsyncGenerator[str]) -> None:
    """Pass the model's text through the markup into the turn and the chat log."""
    stream = _speech(asked.turn, deltas)
    agent_id = asked.user_input.agent_id
    async for _ in asked.chat_log.async_add_delta_content_stream(agent_id, stream):
        pass


async def _speech(
    turn: Turn, deltas: AsyncGenerator[str]
) -> AsyncIterator[conversation.AssistantContentDeltaDict]:
    """Yield what is spoken, which alone goes into the chat log; the rest goes to the turn."""
    markup = MarkupParser(len(turn.speech.text))
    yield {"role": "assistant"}
    async for delta in until(turn.cancelled, deltas):
        piece = markup.feed(delta)
        turn.say(piece)
        if piece.speech:
            yield {"content": piece.speech}
    piece = markup.finish()
    turn.say(piece)
    if piece.speech:
        yield {"content": piece.speech}


async def _one_piece(text: str) -> AsyncGenerator[str]:
    """Yield a text that is already complete."""
    yield text


def _question(asked: Asked) -> Question:
    """Pass on what was said, with the place it came from and who answers."""
    user_input = asked.user_input
    persona = f"{mira(asked.language).persona}\n\n{house_rules(asked.language)}"
    extra = user_input.extra_system_prompt
    return Question(
        text=asked.text,
        conversation_id=f"waifu-{asked.turn.start.session_id}",
        language=asked.language,
        context=user_input.context,
        device_id=user_input.device_id,
        satellite_id=user_input.satellite_id,
        extra_system_prompt=f"{persona}\n\n{extra}" if extra else persona,
    )
