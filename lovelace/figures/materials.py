"""Materials: MToon 1.0 with one shade tint for each kind of surface."""

from dataclasses import dataclass
from typing import Any

from figures.mesh import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a surface takes light."""

    shade: tuple[float, float, float]
    shift: float = -0.05
    toony: float = 0.92
    outline: float = 0.0
    """Width as a share of the picture's height."""
    line: tuple[float, float, float] = (0.12, 0.06, 0.08)
    rim: float = 0.0
    blend: bool = False


UNLIT = 1.0
"""A shading shift of 1 keeps a surface on its lit side."""

LOOKS: dict[Surface, Look] = {
    Surface.SKIN: Look(shade=(0.93, 0.73, 0.68), outline=0.0016, line=(0.20, 0.065, 0.05)),
    Surface.SKIN_FLAT: Look(shade=(0.93, 0.73, 0.68)),
    Surface.HAIR: Look(
        shade=(0.58, 0.56, 0.66), outline=0.0016, line=(0.012, 0.03, 0.045), rim=0.02
    ),
    Surface.CLOTH: Look(
        shade=(0.72, 0.66, 0.72), outline=0.0016, line=(0.07, 0.035, 0.04), rim=0.06
    ),
    Surface.LINES: Look(shade=(1.0, 1.0, 1.0), shift=UNLIT),
    Surface.EYE: Look(shade=(1.0, 1.0, 1.0), shift=UNLIT),
    Surface.BLEND: Look(shade=(1.0, 1.0, 1.0), shift=UNLIT, blend=True),
}

ORDER = tuple(LOOKS)


def materials() -> list[dict[str, Any]]:
    """Write all materials in the order of `ORDER`."""
    return [_material(surface, look) for surface, look in LOOKS.items()]


def _material(surface: Surface, look: Look) -> dict[str, Any]:
    """Write one material; all share the palette."""
    return {
        "name": surface.value,
        "pbrMetallicRoughness": {
            "baseColorTexture": {"index": 0},
            "metallicFactor": 0.0,
            "roughnessFactor": 0.9,
        },
        "alphaMode": "BLEND" if look.blend else "OPAQUE",
        "extensions": {"VRMC_materials_mtoon": _mtoon(look), "KHR_materials_unlit": {}},
    }


def _mtoon(look: Look) -> dict[str, Any]:
    """Write the VRMC_materials_mtoon extension."""
    written: dict[str, Any] = {
        "specVersion": "1.0",
        "transparentWithZWrite": False,
        "renderQueueOffsetNumber": 0,
        "shadeColorFactor": list(look.shade),
        "shadeMultiplyTexture": {"index": 0},
        "shadingShiftFactor": look.shift,
        "shadingToonyFactor": look.toony,
        "giEqualizationFactor": 0.9,
        "matcapFactor": [0.0, 0.0, 0.0],
        "parametricRimColorFactor": [look.rim] * 3,
        "parametricRimFresnelPowerFactor": 5.0,
        "parametricRimLiftFactor": 0.0,
        "rimLightingMixFactor": 1.0,
        "outlineWidthMode": "screenCoordinates" if look.outline else "none",
    }
    if look.outline:
        written |= {
            "outlineWidthFactor": look.outline,
            "outlineColorFactor": list(look.line),
            "outlineLightingMixFactor": 0.0,
        }
    return written
