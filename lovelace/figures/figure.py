"""Put a whole figure together."""

from typing import Any

import numpy as np

from figures import gltf, palette
from figures.body import Tailor, Trunk, build_neck
from figures.clips import build_clips
from figures.clothes import build_clothes
from figures.ears import build_ears
from figures.expressions import morph_names
from figures.eyes import build_eyes
from figures.face import Canvas, build_hints
from figures.hair import Barber, build_fringe_shadow, build_hair, chain_points
from figures.hands import build_hands
from figures.head import Skull, build_head
from figures.materials import ORDER, materials
from figures.mesh import Part, Surface, merge_points
from figures.mouth import build_mouth, jaw_drops
from figures.parameters import Design
from figures.skeleton import Skeleton, humanoid
from figures.springs import spring_bone
from figures.vrm import vrmc_vrm

LINEAR, CLAMP = 9729, 33071

type Meshes = dict[str, list[Part]]


def build(design: Design) -> bytes:
    """Make the VRM file of a design."""
    skull = Skull.of(design.head)
    skeleton = _skeleton(design, skull)
    paint = palette.paint(design)
    return write(design, skeleton, paint, _meshes(design, skull, skeleton, paint))


def _skeleton(design: Design, skull: Skull) -> Skeleton:
    """Make the skeleton with its springs."""
    skeleton = humanoid(design.body, design.hand)
    for c in design.hair.chains:
        skeleton.add_chain(c.name, c.parent, chain_points(skull, c.points))
    for c in design.outfit.chains:
        skeleton.add_chain(c.name, c.parent, np.asarray(c.points, float))
    return skeleton


def _meshes(design: Design, skull: Skull, skeleton: Skeleton, paint: palette.Palette) -> Meshes:
    """Make all parts: the face can move by morphs, the rest can't."""
    head = skeleton.index("head")
    canvas = Canvas(skull=skull, palette=paint, joint=head)
    barber = Barber(skull=skull, palette=paint, skeleton=skeleton, shape=design.hair)
    tailor = Tailor(body=design.body, trunk=Trunk.of(design.body), palette=paint, skeleton=skeleton)
    face = [
        *build_head(skull, paint, head, jaw_drops(design.mouth)),
        *build_ears(skull, paint, head),
        *build_fringe_shadow(canvas, design.hair),
        *build_eyes(canvas, design.eye, design.brow),
        *build_mouth(canvas, design.mouth),
        *build_hints(canvas, design.eye.x),
    ]
    body = [
        *build_neck(tailor),
        *build_hands(tailor, design.hand),
        *build_hair(barber),
        *build_clothes(tailor, design.outfit.garments),
        *build_clips(barber, design.outfit.clips),
    ]
    return {"Face": face, "Body": body}


def write(design: Design, skeleton: Skeleton, paint: palette.Palette, meshes: Meshes) -> bytes:
    """Write document and binary part."""
    buffers = gltf.Buffers()
    nodes = gltf.joint_nodes(skeleton)
    skin = gltf.skin(buffers, skeleton)
    written: list[dict[str, Any]] = []
    mesh_nodes: list[int] = []
    for name, parts in meshes.items():
        mesh_nodes.append(len(nodes))
        nodes.append({"name": name, "mesh": len(written), "skin": 0})
        written.append(_mesh(buffers, skeleton, name, parts))
    chains = (*design.hair.chains, *design.outfit.chains)
    image = {"name": "palette", "mimeType": "image/png", "bufferView": buffers.view(paint.picture)}
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "waifu-rt3d figures"},
        "extensionsUsed": [
            "KHR_materials_unlit",
            "VRMC_materials_mtoon",
            "VRMC_springBone",
            "VRMC_vrm",
        ],
        "scene": 0,
        "scenes": [{"nodes": [0, *mesh_nodes]}],
        "nodes": nodes,
        "meshes": written,
        "skins": [skin],
        "materials": materials(),
        "textures": [{"source": 0, "sampler": 0}],
        # Columns must not be shrunk into their neighbours: no smaller copies.
        "samplers": [{"magFilter": LINEAR, "minFilter": LINEAR, "wrapS": CLAMP, "wrapT": CLAMP}],
        "images": [image],
        "extensions": {
            "VRMC_vrm": vrmc_vrm(design, skeleton, mesh_nodes[0], mesh_nodes),
            "VRMC_springBone": spring_bone(skeleton, chains, design.colliders),
        },
        "extras": {"palette": paint.describe()},
    }
    return gltf.glb(document, buffers)


def _mesh(
    buffers: gltf.Buffers, skeleton: Skeleton, name: str, parts: list[Part]
) -> dict[str, Any]:
    """Write a mesh with one primitive for each surface."""
    morphs = morph_names() if name == "Face" else []
    groups: dict[Surface, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.surface, []).append(part)
    slots = gltf.joint_slots(skeleton)
    primitives = [
        gltf.primitive(buffers, merge_points(groups[s]), slots, ORDER.index(s), morphs)
        for s in ORDER
        if s in groups
    ]
    mesh: dict[str, Any] = {"name": name, "primitives": primitives}
    if morphs:
        mesh["extras"] = {"targetNames": morphs}
    return mesh
