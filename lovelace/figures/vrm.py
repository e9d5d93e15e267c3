"""Write VRM 1.0: licence, humanoid, expressions, gaze (VRMC_vrm 1.0)."""

from typing import Any

from figures import expressions
from figures.materials import ORDER
from figures.mesh import Surface
from figures.parameters import Design
from figures.skeleton import Skeleton

GAZE_ACROSS = 0.036
GAZE_UP = 0.046
GAZE_DOWN = 0.056
"""How far the iris moves on the palette picture at the end of its range."""
GAZE_RANGE_DEG = 35.0

LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"


def vrmc_vrm(
    design: Design, skeleton: Skeleton, face_node: int, nodes: list[int]
) -> dict[str, Any]:
    """Write the extension; `nodes` are those with meshes."""
    return {
        "specVersion": "1.0",
        "meta": _meta(design),
        "humanoid": {"humanBones": {n: {"node": skeleton.index(n)} for n in skeleton.humanoid}},
        "expressions": {"preset": _presets(face_node), "custom": _customs(face_node)},
        "lookAt": _look_at(design, skeleton),
        "firstPerson": {"meshAnnotations": [{"node": n, "type": "auto"} for n in nodes]},
    }


def _meta(design: Design) -> dict[str, Any]:
    """Say the same as Apache-2.0, which limits no use and asks for its notice only."""
    return {
        "name": design.title,
        "version": design.version,
        "authors": ["waifu-rt3d"],
        "copyrightInformation": "waifu-rt3d for Home Assistant",
        "licenseUrl": "https://vrm.dev/licenses/1.0/",
        "otherLicenseUrl": LICENCE,
        "thirdPartyLicenses": "None: made by this project's own code.",
        "avatarPermission": "everyone",
        "allowExcessivelyViolentUsage": True,
        "allowExcessivelySexualUsage": True,
        "commercialUsage": "corporation",
        "allowPoliticalOrReligiousUsage": True,
        "allowAntisocialOrHateUsage": True,
        "creditNotation": "required",
        "allowRedistribution": True,
        "modification": "allowModificationRedistribution",
    }


def _expression(face_node: int, *morphs: str, blink: str = "none") -> dict[str, Any]:
    """Write an expression that leaves gaze and mouth to others."""
    names = expressions.morph_names()
    written: dict[str, Any] = {
        "isBinary": False,
        "overrideBlink": blink,
        "overrideLookAt": "none",
        "overrideMouth": "none",
    }
    if morphs:
        written["morphTargetBinds"] = [
            {"node": face_node, "index": names.index(m), "weight": 1.0} for m in morphs
        ]
    return written


def _presets(face_node: int) -> dict[str, Any]:
    """Write the preset expressions."""
    presets = {name: _expression(face_node, name) for name in expressions.VISEMES}
    presets["blink"] = _expression(face_node, "blinkLeft", "blinkRight")
    for name in ("blinkLeft", "blinkRight"):
        presets[name] = _expression(face_node, name)
    for name in expressions.EMOTIONS:
        presets[name] = _emotion(face_node, name, f"{name}Eyes", f"{name}Mouth")
    presets["neutral"] = _expression(face_node)
    return presets | _gazes(face_node)


def _customs(face_node: int) -> dict[str, Any]:
    """Write eyes and mouth of each emotion on their own."""
    customs = {}
    for name in expressions.EMOTIONS:
        customs[f"{name}Eyes"] = _emotion(face_node, name, f"{name}Eyes")
        customs[f"{name}Mouth"] = _expression(face_node, f"{name}Mouth")
    return customs


def _emotion(face_node: int, name: str, *morphs: str) -> dict[str, Any]:
    """Write an emotion; those that close the eyes hold back the blink."""
    blink = "blend" if name in expressions.BLINK_EMOTIONS else "none"
    written = _expression(face_node, *morphs, blink=blink)
    if name == "surprised" and "surprisedEyes" in morphs:
        written["textureTransformBinds"] = [_smaller_iris(1.14)]
    return written


def _smaller_iris(scale: float) -> dict[str, Any]:
    """Shrink the iris about the middle of the painted eye (u 0.75, v 0.5)."""
    move = [round(0.75 * (1 - scale), 5), round(0.5 * (1 - scale), 5)]
    return {"material": ORDER.index(Surface.EYE), "scale": [scale, scale], "offset": move}


def _gazes(face_node: int) -> dict[str, Any]:
    """Move the iris by moving the picture behind the lids' opening."""
    moves = {
        "lookUp": (0.0, GAZE_UP),
        "lookDown": (0.0, -GAZE_DOWN),
        "lookLeft": (-GAZE_ACROSS, 0.0),
        "lookRight": (GAZE_ACROSS, 0.0),
    }
    return {
        name: _expression(face_node)
        | {
            "textureTransformBinds": [
                {
                    "material": ORDER.index(Surface.EYE),
                    "scale": [1.0, 1.0],
                    "offset": list(move),
                }
            ]
        }
        for name, move in moves.items()
    }


def _look_at(design: Design, skeleton: Skeleton) -> dict[str, Any]:
    """Write the gaze's range."""
    head = skeleton.position("head")
    span = {"inputMaxValue": GAZE_RANGE_DEG, "outputScale": 1.0}
    return {
        "type": "expression",
        "offsetFromHeadBone": [0.0, round(design.eye.y - float(head[1]), 5), 0.07],
        "rangeMapHorizontalInner": span,
        "rangeMapHorizontalOuter": span,
        "rangeMapVerticalDown": span,
        "rangeMapVerticalUp": span,
    }
