"""Commands of the house: sentence triggers and Home Assistant's own intents, before any model."""

from dataclasses import dataclass

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that was done or refused, and what Home Assistant says to it."""

    response: intent.IntentResponse
    text: str
    verbatim: bool
    """The owner wrote these words in an automation: they are said as they stand."""


async def async_try_command(
    hass: HomeAssistant,
    user_input: conversation.ConversationInput,
    chat_log: conversation.ChatLog,
) -> Command | None:
    """Do what was said if it is a command; `None` if it is talk."""
    written = await conversation.async_handle_sentence_triggers(hass, user_input, chat_log)
    if written is not None:
        response = intent.IntentResponse(language=user_input.language)
        response.async_set_speech(written)
        return Command(response=response, text=written, verbatim=True)
    handled = await conversation.async_handle_intents(hass, user_input, chat_log)
    if handled is None:
        return None
    return Command(response=handled, text=spoken(handled), verbatim=False)


def spoken(response: intent.IntentResponse) -> str:
    """Return the plain speech of an intent response."""
    return str(response.speech.get("plain", {}).get("speech", ""))
