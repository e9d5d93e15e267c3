"""What kind of file it is, and whether one that calls itself a VRM has a body."""

from typing import Any

from .errors import BadAvatar, Problem
from .kind import FileKind
from .reading import Entry, entries, entry, words

NEEDED_BONES = ("hips", "spine", "head")
"""Without these nothing can be posed (VRMC_vrm 1.0 "humanoid", required bones)."""
_EXTENSIONS = {
    "VRMC_vrm": FileKind.VRM_1,
    "VRM": FileKind.VRM_0,
    "VRMC_vrm_animation": FileKind.ANIMATION,
}


def kind_of(document: Entry) -> FileKind:
    """Return what a file says that it is; a VRM without the needed bones is refused."""
    used = {*words(document.get("extensionsUsed")), *entry(document, "extensions")}
    for name, kind in _EXTENSIONS.items():
        if name in used:
            _check_bones(document, entry(entry(document, "extensions"), name), kind)
            return kind
    return FileKind.GLTF


def _check_bones(document: Entry, extension: Entry, kind: FileKind) -> None:
    """Refuse bones that are missing or point at no node."""
    bones = _bones(extension, kind)
    count = len(entries(document, "nodes"))
    needed = NEEDED_BONES[:1] if kind is FileKind.ANIMATION else NEEDED_BONES
    for name in needed:
        node = bones.get(name)
        if isinstance(node, bool) or not isinstance(node, int) or not 0 <= node < count:
            raise BadAvatar(Problem.NO_HUMANOID, name)
    if kind is FileKind.ANIMATION and not entries(document, "animations"):
        raise BadAvatar(Problem.BROKEN, "nothing moves in it")


def _bones(extension: Entry, kind: FileKind) -> dict[Any, Any]:
    """Return the node of each bone: VRM 0.x lists bones, 1.0 names them."""
    humanoid = entry(extension, "humanoid")
    if kind is FileKind.VRM_0:
        listed = entries(humanoid, "humanBones")
        return {
            bone["bone"]: bone.get("node") for bone in listed if isinstance(bone.get("bone"), str)
        }
    named = entry(humanoid, "humanBones")
    return {name: bone.get("node") for name, bone in named.items() if isinstance(bone, dict)}
