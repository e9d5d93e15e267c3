"""Answer one thing that a person said, from the words to the end of the text."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from .character import Character
from .commands import async_try_command, spoken
from .const import LOGGER
from .delegate import Delegate, Question
from .stage.markup import MarkupParser
from .streams import until
from .turn import CancelReason, Turn


async def run_turn(
    hass: HomeAssistant,
    turn: Turn,
    character: Character,
    user_input: conversation.ConversationInput,
    chat_log: conversation.ChatLog,
) -> conversation.ConversationResult:
    """Do or answer what was said and return when the *text* is complete; the sound goes on."""
    turn.hear(user_input.text, final=True)
    turn.think()
    response = await async_try_command(hass, user_input, chat_log)
    delegate = Delegate(hass, character.model)
    deltas = (
        _one_piece(spoken(response))
        if response is not None
        else delegate.stream(_question(turn, user_input))
    )
    try:
        await _write(turn, user_input.agent_id, deltas, chat_log)
    except HomeAssistantError as err:
        return _failed(turn, user_input, err)
    except asyncio.CancelledError:
        turn.cancel(CancelReason.LOST)
        raise
    turn.finish_text()
    if response is None:
        response = intent.IntentResponse(language=user_input.language)
    response.async_set_speech(turn.speech.text)
    return conversation.ConversationResult(
        response=response,
        conversation_id=chat_log.conversation_id,
        continue_conversation=delegate.result is not None and delegate.result.continue_conversation,
    )


async def _write(
    turn: Turn,
    agent_id: str,
    deltas: AsyncGenerator[str],
    chat_log: conversation.ChatLog,
) -> None:
    """Pass the model's text through the markup into the turn and the chat log."""
    async for _ in chat_log.async_add_delta_content_stream(agent_id, _speech(turn, deltas)):
        pass


async def _speech(
    turn: Turn, deltas: AsyncGenerator[str]
) -> AsyncIterator[conversation.AssistantContentDeltaDict]:
    """Yield what is spoken, which alone goes into the chat log; the rest goes to the turn."""
    markup = MarkupParser(offset=len(turn.speech.text))
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


def _question(turn: Turn, user_input: conversation.ConversationInput) -> Question:
    """Pass on what was said, with the place it came from."""
    return Question(
        text=user_input.text,
        conversation_id=f"waifu-{turn.start.session_id}",
        language=user_input.language,
        context=user_input.context,
        device_id=user_input.device_id,
        satellite_id=user_input.satellite_id,
        extra_system_prompt=user_input.extra_system_prompt,
    )


def _failed(
    turn: Turn, user_input: conversation.ConversationInput, err: HomeAssistantError
) -> conversation.ConversationResult:
    """Tell the person that the model could not answer."""
    LOGGER.warning("The model of the character did not answer: %s", err)
    turn.fail(err.translation_key or "model_failed")
    response = intent.IntentResponse(language=user_input.language)
    response.async_set_error(intent.IntentResponseErrorCode.FAILED_TO_HANDLE, str(err))
    return conversation.ConversationResult(
        response=response, conversation_id=user_input.conversation_id
    )
