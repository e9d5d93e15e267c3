"""How long to wait in a pause before somebody is taken to have finished."""

from dataclasses import dataclass
import re
from typing import Final

# After these nobody is finished; English, German, French, Spanish, Italian, Dutch.
_GOES_ON: Final = frozenset(
    "and or but because so that if when while then the a an my your to of in on at for with from"
    " into is are was um uh er erm hmm please could can would will"
    " und oder aber weil dass wenn dann als der die das den dem ein eine einen mein dein zu von im"
    " in am auf für mit aus ist äh ähm hm bitte kannst könntest"
    " et ou mais parce que si quand le la les un une des mon ton de du à dans sur pour avec est euh"
    " y o pero porque si cuando el los las una mi tu del en para con es eh"
    " e ma perché quando il lo gli i un mio tuo di da nel per è"
    " en of maar omdat als wanneer de het een mijn jouw van op voor met uit".split()
)
_ENDS: Final = tuple(".?!。？！")
_CONTINUES: Final = (",", "...", "…", "-", "、", "，", ":")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Pauses that end an utterance (s), by what was said before them."""

    complete_s: float = 0.45
    usual_s: float = 0.7
    unfinished_s: float = 1.5

    def after(self, text: str) -> float:
        """Return how long to wait after a text."""
        words = _WORD.findall(text.casefold())
        end = text.rstrip()
        if not words or words[-1] in _GOES_ON or end.endswith(_CONTINUES):
            return self.unfinished_s
        if len(words) < 2:
            return self.usual_s
        return self.complete_s if end.endswith(_ENDS) else self.usual_s


# Wyoming's `vad_sensitivity` of `transcribe`.
PATIENCES: Final = {
    "aggressive": Patience(complete_s=0.3, usual_s=0.45, unfinished_s=1.0),
    "default": Patience(),
    "relaxed": Patience(complete_s=0.9, usual_s=1.3, unfinished_s=2.2),
}
