"""Check the VRM 1.0 extensions of a document."""

from itertools import pairwise
from typing import Any

REQUIRED_BONES = [
    "hips",
    "spine",
    "head",
    "leftUpperLeg",
    "leftLowerLeg",
    "leftFoot",
    "rightUpperLeg",
    "rightLowerLeg",
    "rightFoot",
    "leftUpperArm",
    "leftLowerArm",
    "leftHand",
    "rightUpperArm",
    "rightLowerArm",
    "rightHand",
]

PARENTS = {
    "spine": ("hips",),
    "chest": ("spine",),
    "upperChest": ("chest",),
    "neck": ("upperChest", "chest", "spine"),
    "head": ("neck", "upperChest", "chest", "spine"),
}
SIDE_PARENTS = {
    "Shoulder": ("upperChest", "chest", "spine"),
    "UpperArm": ("{s}Shoulder", "upperChest", "chest", "spine"),
    "LowerArm": ("{s}UpperArm",),
    "Hand": ("{s}LowerArm",),
    "UpperLeg": ("hips",),
    "LowerLeg": ("{s}UpperLeg",),
    "Foot": ("{s}LowerLeg",),
    "Toes": ("{s}Foot",),
    "ThumbMetacarpal": ("{s}Hand",),
    "ThumbProximal": ("{s}ThumbMetacarpal",),
    "ThumbDistal": ("{s}ThumbProximal",),
}
FINGERS = ("Index", "Middle", "Ring", "Little")

PRESETS = [
    "happy",
    "angry",
    "sad",
    "relaxed",
    "surprised",
    "neutral",
    "aa",
    "ih",
    "ou",
    "ee",
    "oh",
    "blink",
    "blinkLeft",
    "blinkRight",
    "lookUp",
    "lookDown",
    "lookLeft",
    "lookRight",
]

META_CHOICES = {
    "licenseUrl": ("https://vrm.dev/licenses/1.0/",),
    "avatarPermission": ("onlyAuthor", "onlySeparatelyLicensedPerson", "everyone"),
    "commercialUsage": ("personalNonProfit", "personalProfit", "corporation"),
    "creditNotation": ("required", "unnecessary"),
    "modification": ("prohibited", "allowModification", "allowModificationRedistribution"),
}
OVERRIDES = ("none", "block", "blend")


def vrm_faults(document: dict[str, Any]) -> list[str]:
    """List what VRM 1.0 does not allow, one sentence each."""
    extensions = document.get("extensions", {})
    vrm = extensions.get("VRMC_vrm")
    if not vrm or vrm.get("specVersion") != "1.0":
        return ["There is no VRM 1.0 data."]
    return [
        *_used_faults(document),
        *_meta_faults(vrm["meta"]),
        *_bone_faults(document, vrm["humanoid"]["humanBones"]),
        *_expression_faults(document, vrm["expressions"]),
        *_spring_faults(document, extensions.get("VRMC_springBone", {})),
        *_material_faults(document),
    ]


def _used_faults(document: dict[str, Any]) -> list[str]:
    """Check that extensions are declared."""
    used = document.get("extensionsUsed", [])
    wanted = [*document["extensions"], "VRMC_materials_mtoon"]
    return [f"{name} is not in extensionsUsed." for name in wanted if name not in used]


def _meta_faults(meta: dict[str, Any]) -> list[str]:
    """Check name, authors and licence."""
    found = [f"The licence lacks {key}." for key in ("name", "authors") if not meta.get(key)]
    for key, choices in META_CHOICES.items():
        if meta.get(key) not in choices:
            found.append(f"The licence has a wrong {key}.")
    return found


def _bone_faults(document: dict[str, Any], bones: dict[str, Any]) -> list[str]:
    """Check that the needed bones are there, once each, in the right order."""
    found = [f"The bone {name} is missing." for name in REQUIRED_BONES if name not in bones]
    nodes = {name: bone["node"] for name, bone in bones.items()}
    if len(set(nodes.values())) != len(nodes):
        found.append("Two bones share one node.")
    above = {c: i for i, n in enumerate(document["nodes"]) for c in n.get("children", [])}
    for name, node in nodes.items():
        wanted = [nodes[p] for p in parents(name) if p in nodes]
        if wanted and wanted[0] not in _ancestors(node, above):
            found.append(f"The bone {name} does not hang from {parents(name)[0]}.")
        if any(abs(v) > 1e-6 for v in document["nodes"][node].get("rotation", [0, 0, 0])[:3]):
            found.append(f"The bone {name} is rotated in its rest pose.")
    return found


def parents(bone: str) -> tuple[str, ...]:
    """Give the bones that a bone may hang from, nearest first."""
    if bone in PARENTS:
        return PARENTS[bone]
    side = "left" if bone.startswith("left") else "right"
    rest = bone.removeprefix(side)
    for finger in FINGERS:
        table = {f"{finger}Intermediate": "Proximal", f"{finger}Distal": "Intermediate"}
        if rest == f"{finger}Proximal":
            return (f"{side}Hand",)
        if rest in table:
            return (f"{side}{finger}{table[rest]}",)
    return tuple(p.format(s=side) for p in SIDE_PARENTS.get(rest, ()))


def _ancestors(node: int, above: dict[int, int]) -> list[int]:
    """List the nodes above a node."""
    line = []
    while node in above:
        node = above[node]
        line.append(node)
    return line


def _expression_faults(document: dict[str, Any], expressions: dict[str, Any]) -> list[str]:
    """Check names, overrides and what is bound."""
    presets, customs = expressions.get("preset", {}), expressions.get("custom", {})
    found = [f"The expression {name} is missing." for name in PRESETS if name not in presets]
    found += [f"{name} is no preset expression." for name in presets if name not in PRESETS]
    found += [f"{name} may not be a custom expression." for name in customs if name in PRESETS]
    for name, expression in (presets | customs).items():
        found += [f"{name}: {fault}" for fault in _bind_faults(document, expression)]
    return found


def _bind_faults(document: dict[str, Any], expression: dict[str, Any]) -> list[str]:
    """Check one expression."""
    found = [
        f"{key} has a wrong value."
        for key in ("overrideBlink", "overrideLookAt", "overrideMouth")
        if expression.get(key, "none") not in OVERRIDES
    ]
    found += [
        f"{key} is empty; it must be left out."
        for key in ("morphTargetBinds", "textureTransformBinds", "materialColorBinds")
        if expression.get(key) == []
    ]
    for bind in expression.get("morphTargetBinds", []):
        mesh = document["meshes"][document["nodes"][bind["node"]]["mesh"]]
        if any(bind["index"] >= len(p.get("targets", [])) for p in mesh["primitives"]):
            found.append("a bound morph does not exist.")
    binds = expression.get("textureTransformBinds", [])
    if any(bind["material"] >= len(document["materials"]) for bind in binds):
        found.append("a bound material does not exist.")
    return found


def _spring_faults(document: dict[str, Any], springs: dict[str, Any]) -> list[str]:
    """Check that springs name real joints and colliders and share none."""
    found, seen = [], set[int]()
    count, colliders = len(document["nodes"]), springs.get("colliders", [])
    groups = springs.get("colliderGroups", [])
    if any(c["node"] >= count for c in colliders):
        found.append("A collider names a node that does not exist.")
    if any(c >= len(colliders) for g in groups for c in g["colliders"]):
        found.append("A collider group names a collider that does not exist.")
    above = {c: i for i, n in enumerate(document["nodes"]) for c in n.get("children", [])}
    for spring in springs.get("springs", []):
        line = [joint["node"] for joint in spring["joints"]]
        if seen & set(line):
            found.append(f"The spring {spring['name']} shares a joint with another.")
        seen |= set(line)
        for upper, lower in pairwise(line):
            if upper not in _ancestors(lower, above):
                found.append(f"The joints of the spring {spring['name']} are not in one line.")
        if any(g >= len(groups) for g in spring.get("colliderGroups", [])):
            found.append(f"The spring {spring['name']} names a group that does not exist.")
    return found


def _material_faults(document: dict[str, Any]) -> list[str]:
    """Check that materials are MToon and use textures that exist."""
    found = []
    for material in document["materials"]:
        mtoon = material.get("extensions", {}).get("VRMC_materials_mtoon")
        if not mtoon or mtoon.get("specVersion") != "1.0":
            found.append(f"The material {material['name']} is no MToon 1.0.")
            continue
        used = [material["pbrMetallicRoughness"]["baseColorTexture"]]
        used += [mtoon["shadeMultiplyTexture"]] if "shadeMultiplyTexture" in mtoon else []
        if any(t["index"] >= len(document["textures"]) for t in used):
            found.append(f"The material {material['name']} uses a texture that does not exist.")
    return found
