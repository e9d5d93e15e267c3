"""The mood of a character: feelings move it, hours bring it back to the temperament (PAD model)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

HALF_LIFE_S = 4 * 3600
"""Time after which half of a mood is gone."""
_PULL = 0.15
"""Share of the way to a feeling that one full cue goes: a mood is slow."""
_CALM = 0.08
"""Nearer to the middle than this on every axis is no mood worth a name."""


class MoodName(StrEnum):
    """The eight corners of the model (Mehrabian 1996), and the middle."""

    NEUTRAL = "neutral"
    EXUBERANT = "exuberant"
    DEPENDENT = "dependent"
    RELAXED = "relaxed"
    DOCILE = "docile"
    HOSTILE = "hostile"
    ANXIOUS = "anxious"
    DISDAINFUL = "disdainful"
    BORED = "bored"


_CORNERS = {
    (True, True, True): MoodName.EXUBERANT,
    (True, True, False): MoodName.DEPENDENT,
    (True, False, True): MoodName.RELAXED,
    (True, False, False): MoodName.DOCILE,
    (False, True, True): MoodName.HOSTILE,
    (False, True, False): MoodName.ANXIOUS,
    (False, False, True): MoodName.DISDAINFUL,
    (False, False, False): MoodName.BORED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad:
    """Pleasure, arousal and dominance, each −1…1."""

    pleasure: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0

    def toward(self, other: Pad, share: float) -> Pad:
        """Return the point a share of the way to another."""
        return Pad(
            pleasure=_between(self.pleasure, other.pleasure, share),
            arousal=_between(self.arousal, other.arousal, share),
            dominance=_between(self.dominance, other.dominance, share),
        )

    @property
    def name(self) -> MoodName:
        """Return the name of the corner it is nearest to."""
        values = (self.pleasure, self.arousal, self.dominance)
        if max(map(abs, values)) < _CALM:
            return MoodName.NEUTRAL
        return _CORNERS[self.pleasure >= 0, self.arousal >= 0, self.dominance >= 0]


FEELINGS: Mapping[str, Pad] = {
    "happy": Pad(pleasure=0.8, arousal=0.4, dominance=0.3),
    "amused": Pad(pleasure=0.7, arousal=0.3, dominance=0.3),
    "excited": Pad(pleasure=0.7, arousal=0.8, dominance=0.3),
    "love": Pad(pleasure=0.9, arousal=0.3, dominance=0.1),
    "proud": Pad(pleasure=0.7, arousal=0.3, dominance=0.6),
    "relaxed": Pad(pleasure=0.6, arousal=-0.5, dominance=0.2),
    "calm": Pad(pleasure=0.5, arousal=-0.6, dominance=0.2),
    "sleepy": Pad(pleasure=0.1, arousal=-0.8, dominance=-0.2),
    "shy": Pad(pleasure=0.2, arousal=0.2, dominance=-0.6),
    "curious": Pad(pleasure=0.3, arousal=0.5, dominance=0.1),
    "surprised": Pad(pleasure=0.2, arousal=0.8, dominance=-0.2),
    "worried": Pad(pleasure=-0.5, arousal=0.5, dominance=-0.5),
    "sorry": Pad(pleasure=-0.3, arousal=0.0, dominance=-0.4),
    "sad": Pad(pleasure=-0.7, arousal=-0.4, dominance=-0.4),
    "lonely": Pad(pleasure=-0.6, arousal=-0.4, dominance=-0.4),
    "annoyed": Pad(pleasure=-0.5, arousal=0.4, dominance=0.3),
    "angry": Pad(pleasure=-0.7, arousal=0.7, dominance=0.4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """A mood at a moment, and the temperament it goes back to."""

    now: Pad
    temperament: Pad
    at_s: float
    """Clock of the caller, in seconds."""

    @classmethod
    def fresh(cls, temperament: Pad, at_s: float) -> Self:
        """Return the mood of somebody to whom nothing has happened."""
        return cls(now=temperament, temperament=temperament, at_s=at_s)

    def after(self, at_s: float) -> Mood:
        """Return the mood as it has decayed by then; a clock that went back changes nothing."""
        passed_s = max(0.0, at_s - self.at_s)
        faded = self.now.toward(self.temperament, 1 - 0.5 ** (passed_s / HALF_LIFE_S))
        return Mood(now=faded, temperament=self.temperament, at_s=max(at_s, self.at_s))

    def felt(self, emotion: str, intensity: float, at_s: float) -> Mood:
        """Return the mood after a feeling; one without a place in the model leaves it as it is."""
        mood = self.after(at_s)
        feeling = FEELINGS.get(emotion)
        if feeling is None:
            return mood
        share = _PULL * min(1.0, max(0.0, intensity))
        return Mood(
            now=mood.now.toward(feeling, share), temperament=self.temperament, at_s=mood.at_s
        )


def temperament(
    *, openness: float, extraversion: float, agreeableness: float, stability: float
) -> Pad:
    """Return the temperament of a personality (each trait −1…1), by Mehrabian 1996.

    Conscientiousness would add 0.17 to dominance; nobody writes it of a companion.
    """
    return Pad(
        pleasure=_bounded(0.21 * extraversion + 0.59 * agreeableness + 0.19 * stability),
        arousal=_bounded(0.15 * openness + 0.30 * agreeableness - 0.57 * stability),
        dominance=_bounded(0.25 * openness + 0.60 * extraversion - 0.32 * agreeableness),
    )


def _between(a: float, b: float, share: float) -> float:
    """Return the value a share of the way from one to the other."""
    return _bounded(a + (b - a) * share)


def _bounded(value: float) -> float:
    """Return a value within −1…1."""
    return min(1.0, max(-1.0, value))
