"""What a character says without any model: it dresses commands, talks small, and apologises."""

from random import Random

from homeassistant.helpers import intent
from homeassistant.util import dt as dt_util

from ..cast.character import Character
from ..characters.cast import sheet_of
from ..characters.small_talk import is_question, moment_of
from ..characters.written import Lines, Moment

_COMMANDS_ONLY = {
    "en": "[sorry:0.5] By ear I only understand commands for this house. Say, for example: turn on the light.",
    "de": "[sorry:0.5] Mit diesen Ohren verstehe ich nur Befehle für das Haus. Sag zum Beispiel: Mach das Licht an.",
}
"""For ears that know nothing but a grammar; Whisper or another engine understands free speech."""


class OwnWords:
    """The written lines of the house's characters, without near repeats."""

    def __init__(self, random: Random | None = None) -> None:
        """Choose by chance; a test gives a seeded one."""
        self._random = random or Random()
        self._lines: dict[tuple[str, str, str, str], Lines] = {}

    def line(self, character: Character, language: str, moment: Moment) -> str:
        """Return a line for a moment, as markup."""
        return self._of(character, language).line(moment)

    def scene(self, character: Character, language: str) -> tuple[str, ...]:
        """Return the lines of the first meeting, in their order."""
        return self._of(character, language).sequence(Moment.FIRST_MEETING)

    def command(self, character: Character, response: intent.IntentResponse, said: str) -> str:
        """Return Home Assistant's answer to a command in the character's voice."""
        lines = self._of(character, response.language or "en")
        if response.response_type is intent.IntentResponseType.ERROR:
            return f"{lines.line(Moment.REFUSED)} {said}".strip()
        query = response.response_type is intent.IntentResponseType.QUERY_ANSWER
        return lines.dressed(said, query=query)

    def small_talk(
        self, character: Character, language: str, text: str, *, has_model: bool
    ) -> str | None:
        """Return the answer to a short sentence; a model answers all but the wish for silence."""
        moment = moment_of(text, language=language, name=character.name, hour=dt_util.now().hour)
        if moment is None or (has_model and moment is not Moment.STOP):
            return None
        return self.line(character, language, moment)

    def not_understood(self, character: Character, language: str, *, commands_only: bool) -> str:
        """Return what is said to words that the ears heard but did not understand."""
        if commands_only:
            return _COMMANDS_ONLY.get(language.partition("-")[0].lower(), _COMMANDS_ONLY["en"])
        return self.line(character, language, Moment.MISHEARD)

    def no_answer(self, character: Character, language: str, text: str) -> str:
        """Return what is said to a text that is no command where there is no model to think."""
        beyond = is_question(text, language=language)
        return self.line(character, language, Moment.BEYOND if beyond else Moment.MISHEARD)

    def _of(self, character: Character, language: str) -> Lines:
        """Return the lines of a character in a language."""
        key = (character.id, character.person, character.name, language)
        if key not in self._lines:
            written = sheet_of(character.person).written(language)
            self._lines[key] = Lines(written, self._random, character.name)
        return self._lines[key]
