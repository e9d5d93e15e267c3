"""One thing that a person said, with everything that an answer may need."""

from dataclasses import dataclass

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant

from ..cast.character import Character
from ..cast.children import CHILDREN
from ..cast.personas import persona_for
from ..characters.childhood import child_rules
from ..characters.prompt import Persona
from ..house import HOUSE
from ..minds.own_words import OwnWords
from .turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that a person said, to whom, and where the answer goes."""

    hass: HomeAssistant
    turn: Turn
    character: Character
    words: OwnWords
    user_input: conversation.ConversationInput
    chat_log: conversation.ChatLog
    memories: tuple[str, ...] = ()
    """What the character remembers of it, the most useful first."""
    foreign: bool = False
    """Whether some of that came out of a file and was not said here."""

    @property
    def text(self) -> str:
        """Return what was said."""
        return self.user_input.text

    @property
    def language(self) -> str:
        """Return the language that was spoken."""
        return self.user_input.language

    def persona(self, tools_prompt: str = "") -> Persona:
        """Return who answers; nothing in it changes from turn to turn."""
        is_child = self.hass.data[CHILDREN].has(self.turn.start.person.user_id)
        childhood = child_rules(self.language) if is_child else ""
        rules = (tools_prompt, self.user_input.extra_system_prompt or "", childhood)
        return persona_for(
            self.hass.data[HOUSE],
            self.character,
            self.language,
            user=self.turn.start.person.name or "",
            rules="\n\n".join(part for part in rules if part),
        )
