"""How a segment is said: speed, pitch, liveliness, loudness; and what a feeling does to them."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

_LEAST: Final = 0.5
_MOST: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Factors on what the voice does by itself."""

    rate: float = 1.0
    """Speed; 2 is twice as fast."""
    pitch: float = 1.0
    """Mean pitch."""
    range: float = 1.0
    """How far the pitch moves around its mean."""
    volume: float = 1.0
    """Amplitude."""
    noise: float | None = None
    """Piper: how much the sound varies (its noise scale); None is the voice's own."""
    noise_w: float | None = None
    """Piper: how much the rhythm varies (its noise w); None is the voice's own."""
    speaker: str | int | None = None
    """Which of a voice's speakers, by name or number."""

    def felt(self, emotion: str | None, intensity: float) -> Self:
        """Return the delivery of somebody who feels so; unknown feelings change nothing."""
        full = FEELINGS.get(emotion or "")
        if full is None:
            return self
        amount = min(max(intensity, 0.0), 1.0)
        rate, pitch, spread, volume = (value**amount for value in full)
        return replace(
            self,
            rate=self.rate * rate,
            pitch=self.pitch * pitch,
            range=self.range * spread,
            volume=self.volume * volume,
        )

    def as_data(self) -> dict[str, Any]:
        """Return what goes to a worker, without what is as always."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value != getattr(PLAIN, name)}


PLAIN: Final = Delivery()

# Full intensity, as factors of rate, pitch, range, volume; less is the power of it. The directions
# are those of human voices: joy and surprise are faster, higher, livelier and louder, sadness is
# none of it; the sizes are what the engines do without sounding broken.
FEELINGS: Final[dict[str, tuple[float, float, float, float]]] = {
    "happy": (1.15, 1.18, 1.35, 1.18),
    "amused": (1.10, 1.14, 1.30, 1.10),
    "excited": (1.22, 1.25, 1.50, 1.25),
    "love": (0.92, 1.06, 1.10, 0.85),
    "proud": (0.95, 1.06, 1.15, 1.15),
    "surprised": (1.15, 1.28, 1.60, 1.20),
    "curious": (1.04, 1.10, 1.25, 1.00),
    "sad": (0.80, 0.84, 0.60, 0.70),
    "lonely": (0.84, 0.88, 0.65, 0.72),
    "sorry": (0.88, 0.92, 0.75, 0.78),
    "worried": (1.05, 1.08, 0.85, 0.85),
    "angry": (1.14, 1.10, 1.40, 1.35),
    "annoyed": (1.06, 1.05, 1.20, 1.15),
    "shy": (0.92, 1.06, 0.80, 0.70),
    "sleepy": (0.78, 0.88, 0.60, 0.65),
    "relaxed": (0.90, 0.95, 0.90, 0.85),
    "calm": (0.90, 0.96, 0.85, 0.88),
}


def read_delivery(data: dict[str, Any]) -> Delivery:
    """Return the delivery in an event's data, each factor within half and twice."""
    factors = {
        name: min(max(float(data[name]), _LEAST), _MOST)
        for name in ("rate", "pitch", "range", "volume")
        if data.get(name) is not None
    }
    noises = {
        name: min(max(float(data[name]), 0.0), _MOST)
        for name in ("noise", "noise_w")
        if data.get(name) is not None
    }
    speaker = data.get("speaker")
    return Delivery(
        **factors, **noises, speaker=speaker if isinstance(speaker, str | int) else None
    )
