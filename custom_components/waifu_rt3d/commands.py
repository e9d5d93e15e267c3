"""Commands of the house: sentence triggers and Home Assistant's own intents, before any model."""

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent


async def async_try_command(
    hass: HomeAssistant,
    user_input: conversation.ConversationInput,
    chat_log: conversation.ChatLog,
) -> intent.IntentResponse | None:
    """Do what was said if it is a command, and return the response; `None` if it is talk."""
    trigger_answer = await conversation.async_handle_sentence_triggers(hass, user_input, chat_log)
    if trigger_answer is not None:
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech(trigger_answer)
        return response
    return await conversation.async_handle_intents(hass, user_input, chat_log)


def spoken(response: intent.IntentResponse) -> str:
    """Return the plain speech of an intent response."""
    return str(response.speech.get("plain", {}).get("speech", ""))
