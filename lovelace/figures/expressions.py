"""What each expression does to lids, brows and mouth.

Eyes and mouth of an emotion are separate morphs, so that lips can go on speaking.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EyePose:
    """How far the lids have come, 0 open to 1 shut."""

    upper: float = 0.0
    lower: float = 0.0
    smile: float = 0.0
    """Shape of the line where the lids meet: 0 hangs, 1 arches."""
    tilt: float = 0.0
    """Adds to `upper` at the outer corner and takes away at the inner one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowPose:
    """Brows, as shares of the eye's half width."""

    lift: float = 0.0
    tilt: float = 0.0
    """Outer end up (positive) or inner end up (negative)."""
    arch: float = 0.0
    inward: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthPose:
    """A mouth, as shares of the closed mouth's half width."""

    width: float = 1.0
    up: float = 0.0
    down: float = 0.0
    lift: float = 0.0
    """Corners up, added to the closed mouth's own."""
    square: float = 0.0
    """0 round opening, 1 nearly straight lips."""
    teeth: float = 0.0
    tongue: float = 0.0
    drop: float = 0.0
    """The whole mouth down."""
    jaw: float = 0.0
    """Share of the chin's full drop."""
    wave: float = 0.0
    """Trembling line."""


VISEMES: dict[str, MouthPose] = {
    "aa": MouthPose(width=1.14, up=0.24, down=1.34, lift=0.10, teeth=1.0, tongue=1.0, jaw=1.0),
    "ih": MouthPose(width=1.24, up=0.16, down=0.50, lift=0.16, square=0.5, teeth=1.0, jaw=0.3),
    "ou": MouthPose(width=0.50, up=0.30, down=0.46, lift=-0.02, tongue=0.3, jaw=0.35),
    "ee": MouthPose(
        width=1.30, up=0.18, down=0.72, lift=0.20, square=0.6, teeth=1.0, tongue=0.6, jaw=0.45
    ),
    "oh": MouthPose(width=0.74, up=0.32, down=0.94, lift=-0.02, tongue=0.6, jaw=0.75),
}

EMOTION_MOUTHS: dict[str, MouthPose] = {
    "happy": MouthPose(
        width=1.50, up=0.02, down=0.74, lift=0.36, square=0.25, teeth=1.0, tongue=1.0, jaw=0.4
    ),
    "angry": MouthPose(
        width=1.12, up=0.20, down=0.30, lift=-0.36, square=0.8, teeth=1.0, drop=0.10
    ),
    "sad": MouthPose(width=1.34, up=0.16, down=0.04, lift=-0.86, drop=-0.02, wave=0.016),
    "relaxed": MouthPose(width=1.20, lift=0.30),
    "surprised": MouthPose(
        width=0.66, up=0.42, down=0.88, lift=-0.05, drop=0.20, tongue=0.4, jaw=0.9
    ),
}

BLINK = EyePose(upper=1.0, lower=1.0)

EMOTION_EYES: dict[str, EyePose] = {
    "happy": EyePose(upper=0.42, lower=0.74, smile=1.0),
    "angry": EyePose(upper=0.24, lower=0.16, tilt=-0.26, smile=0.3),
    "sad": EyePose(upper=0.30, lower=0.08, tilt=0.34),
    "relaxed": EyePose(upper=0.42, lower=0.16, smile=0.25),
    "surprised": EyePose(upper=-0.24, lower=-0.14),
}

EMOTION_BROWS: dict[str, BrowPose] = {
    "happy": BrowPose(lift=0.16, arch=0.12),
    "angry": BrowPose(lift=-0.24, tilt=0.36, arch=-0.06, inward=0.16),
    "sad": BrowPose(lift=0.18, tilt=-0.66, arch=-0.16, inward=0.20),
    "relaxed": BrowPose(lift=0.04, tilt=-0.07, arch=0.05),
    "surprised": BrowPose(lift=0.44, arch=0.08),
}

EMOTIONS = tuple(EMOTION_EYES)

BLINK_EMOTIONS = frozenset({"happy", "relaxed"})
"""Emotions that close the eyes themselves: a full blink on top would overshoot."""


def morph_names() -> list[str]:
    """List all morphs in the order they are written."""
    eyes = [f"{name}Eyes" for name in EMOTIONS]
    mouths = [f"{name}Mouth" for name in EMOTIONS]
    return [*VISEMES, "blinkLeft", "blinkRight", *eyes, *mouths]


def mouth_poses() -> dict[str, MouthPose]:
    """Give every mouth morph its pose."""
    return VISEMES | {f"{name}Mouth": pose for name, pose in EMOTION_MOUTHS.items()}


def eye_poses(side: str) -> dict[str, EyePose]:
    """Give every eye morph its pose; `side` is Left or Right."""
    return {f"blink{side}": BLINK} | {f"{n}Eyes": pose for n, pose in EMOTION_EYES.items()}
