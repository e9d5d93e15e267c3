"""The commands of this house for engines that understand nothing else."""

from homeassistant.core import HomeAssistant, callback

from .voice.speech import Grammar


@callback
def home_grammar(hass: HomeAssistant, language: str) -> Grammar | None:
    """Return the grammar of the house in a language."""
    return None
