"""The installed recognisers, and which one a request means."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import SpeechError, UnknownVoiceError
from .models import WHISPER, Model

POCKETSPHINX: Final = "pocketsphinx"
COMMANDS: Final = "en-us"


class HearingError(SpeechError):
    """A client asks for recognition that this server does not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recogniser:
    """An installed recogniser."""

    engine: str
    name: str
    languages: tuple[str, ...]
    description: str
    path: Path | None = None
    """Where its model is; None for one that brings it."""

    @property
    def commands_only(self) -> bool:
        """Return whether it knows the sentences of a grammar alone."""
        return self.engine == POCKETSPHINX

    def knows(self, language: str) -> bool:
        """Return whether it understands a language."""
        return language.replace("_", "-").split("-")[0].lower() in self.languages


SPHINX: Final = Recogniser(
    engine=POCKETSPHINX,
    name=COMMANDS,
    languages=("en",),
    description="Commands only: it understands the house's own commands, not free speech",
)


def choose_recognisers(
    models: list[Model], wanted: str | None, *, sphinx: bool
) -> list[Recogniser]:
    """Return all recognisers, the default first; `wanted` is it as `engine:name`, or "none"."""
    if wanted == "none":
        return []
    found = [
        Recogniser(
            engine=WHISPER,
            name=model.name,
            languages=model.languages,
            description=model.description,
            path=model.path,
        )
        for model in models
        if model.engine == WHISPER
    ]
    found += [SPHINX] if sphinx else []
    if wanted is None:
        return found
    for one in found:
        if f"{one.engine}:{one.name}" == wanted:
            return [one, *(other for other in found if other != one)]
    raise UnknownVoiceError(f"There is no recogniser {wanted}; `waifu-speech --list` shows all")


def find_recogniser(
    recognisers: list[Recogniser], name: str | None, language: str | None
) -> Recogniser:
    """Return the recogniser of that name, else the first that knows the language."""
    if not recognisers:
        raise HearingError("This server has no recogniser")
    if name:
        recognisers = [one for one in recognisers if name in {one.name, f"{one.engine}:{one.name}"}]
        if not recognisers:
            raise HearingError(f"There is no recogniser named {name!r}")
    for one in recognisers:
        if not language or one.knows(language):
            return one
    known = sorted({known for one in recognisers for known in one.languages})
    only = "only English" if known == ["en"] else f"only {', '.join(known[:8])}"
    raise HearingError(f"The recogniser knows {only}, not {language!r}")
