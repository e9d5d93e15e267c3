"""The finished figures: equal bytes, budgets, VRM 1.0, expressions, pose."""

from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
import subprocess
import sys

import numpy as np
from numpy.typing import NDArray
from PIL import Image
import pytest

from figures import check, expressions, parameters

type Array = NDArray[np.float64]

SOURCE = Path(__file__).parents[2] / "lovelace"


def test_same_bytes_in_another_process(name: str, data: bytes, tmp_path: Path) -> None:
    """Building twice gives one file."""
    done = subprocess.run(
        [sys.executable, "-m", "figures", "--out", str(tmp_path), "--only", name],
        env={"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sha256((tmp_path / f"{name}.vrm").read_bytes()).digest() == sha256(data).digest()


def test_no_faults(data: bytes) -> None:
    """The figure passes the project's own check, budgets included."""
    assert check.faults(data) == []


def test_licence_lets_everybody_use_it(model: check.Model) -> None:
    """The figure is ours and free."""
    meta = model.document["extensions"]["VRMC_vrm"]["meta"]
    assert meta["authors"] == ["waifu-rt3d"]
    assert meta["allowRedistribution"] is True
    assert meta["avatarPermission"] == "everyone"


def test_one_picture_with_described_columns(model: check.Model) -> None:
    """One picture can be recoloured by what the file tells."""
    assert len(model.document["images"]) == 1
    assert len(model.document["textures"]) == 1
    palette = model.document["extras"]["palette"]
    groups = {column["group"] for column in palette["columns"]} | {palette["eye"]["group"]}
    assert {"hair", "skin", "outfit", "eyes"} <= groups
    places = [column["x"] for column in palette["columns"]]
    assert places == sorted(set(places))


def test_described_columns_hold_their_colour(model: check.Model) -> None:
    """Where the file says a column lies, the picture has that colour half way down."""
    view = model.document["bufferViews"][model.document["images"][0]["bufferView"]]
    start = view["byteOffset"]
    raw = model.binary[start : start + view["byteLength"]]
    with Image.open(BytesIO(raw)) as picture:
        for column in model.document["extras"]["palette"]["columns"]:
            wanted = np.array([int(column["color"][i : i + 2], 16) for i in (1, 3, 5)])
            for x in (column["x"], column["x"] + column["width"] - 1):
                found = np.array(picture.getpixel((x, picture.height // 2)))[:3]
                assert np.abs(found - wanted).max() <= 3


def test_arms_lie_along_x(model: check.Model) -> None:
    """The rest pose is a T-pose, the left arm at +x."""
    for side, sign in (("left", 1), ("right", -1)):
        arm = [_place(model, side + b) for b in ("UpperArm", "LowerArm", "Hand", "MiddleDistal")]
        assert all(sign * b[0] > sign * a[0] for a, b in pairwise(arm))
        assert np.ptp([p[1] for p in arm]) < 0.01
        assert np.ptp([p[2] for p in arm]) < 0.02


def test_skeleton_matches_the_skin(model: check.Model) -> None:
    """Inverse bind matrices undo the joints' places."""
    skin = model.document["skins"][0]
    matrices = model.array(skin["inverseBindMatrices"]).reshape(-1, 4, 4)
    for joint, matrix in zip(skin["joints"], matrices, strict=True):
        np.testing.assert_allclose(matrix[3, :3], -_node_place(model, joint), atol=1e-4)


def test_gaze_and_blink_are_bound(model: check.Model) -> None:
    """Gaze moves the picture, blinking moves both lids."""
    preset = model.document["extensions"]["VRMC_vrm"]["expressions"]["preset"]
    for look in ("lookUp", "lookDown", "lookLeft", "lookRight"):
        assert preset[look]["textureTransformBinds"][0]["offset"] != [0.0, 0.0]
    assert len(preset["blink"]["morphTargetBinds"]) == 2


def test_emotions_leave_the_mouth_alone(model: check.Model) -> None:
    """Lips go on while an emotion shows; eyes and mouth can be asked for apart."""
    found = model.document["extensions"]["VRMC_vrm"]["expressions"]
    for emotion in expressions.EMOTIONS:
        assert found["preset"][emotion]["overrideMouth"] == "none"
        assert {f"{emotion}Eyes", f"{emotion}Mouth"} <= set(found["custom"])


@pytest.mark.parametrize("morph", expressions.morph_names())
def test_morph_moves_its_region_only(model: check.Model, name: str, morph: str) -> None:
    """Mouth shapes stay below the eyes, eye shapes above the mouth, blinks on their side."""
    design = parameters.load(name)
    places, moves = _morph(model, morph)
    moved = np.linalg.norm(moves, axis=1) > 1e-4
    assert moved.sum() > 20
    assert np.abs(moves).max() > 0.002
    at = places[moved]
    middle = design.eye.y - design.eye.lower * 1.2
    if morph in expressions.VISEMES or morph.endswith("Mouth"):
        assert at[:, 1].max() < middle
    else:
        assert at[:, 1].min() > middle
    if morph.startswith("blink"):
        side = 1 if morph == "blinkLeft" else -1
        assert (at[:, 0] * side > 0).all()


def test_open_mouths_differ(model: check.Model) -> None:
    """No two mouth shapes are alike."""
    shapes = [_morph(model, name)[1] for name in expressions.VISEMES]
    for i, one in enumerate(shapes):
        for other in shapes[i + 1 :]:
            assert np.abs(one - other).max() > 0.0015


def test_springs_on_hair_and_clothes_have_colliders(model: check.Model) -> None:
    """Hair and hems swing and stay out of the body."""
    springs = model.document["extensions"]["VRMC_springBone"]
    assert len(springs["springs"]) >= 2
    assert springs["colliders"]
    assert all(spring["colliderGroups"] for spring in springs["springs"])


def test_springs_carry_points(model: check.Model) -> None:
    """Each spring joint but the last of a chain moves something."""
    slots = {joint: i for i, joint in enumerate(model.document["skins"][0]["joints"])}
    used: set[int] = set()
    for primitive in model.primitives():
        joints = model.array(primitive["attributes"]["JOINTS_0"])
        weights = model.array(primitive["attributes"]["WEIGHTS_0"])
        used |= set(joints[weights > 0].tolist())
    for spring in model.document["extensions"]["VRMC_springBone"]["springs"]:
        for joint in spring["joints"][:-1]:
            assert slots[joint["node"]] in used


def _morph(model: check.Model, name: str) -> tuple[Array, Array]:
    """Give all points of the face and how a morph moves them."""
    mesh = next(m for m in model.document["meshes"] if m["name"] == "Face")
    number = mesh["extras"]["targetNames"].index(name)
    places = [model.array(p["attributes"]["POSITION"]) for p in mesh["primitives"]]
    moves = [model.array(p["targets"][number]["POSITION"]) for p in mesh["primitives"]]
    return np.concatenate(places).astype(float), np.concatenate(moves).astype(float)


def _place(model: check.Model, bone: str) -> Array:
    """Give a bone's place."""
    bones = model.document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
    return _node_place(model, bones[bone]["node"])


def _node_place(model: check.Model, node: int) -> Array:
    """Add up the moves from the root."""
    nodes = model.document["nodes"]
    above = {c: i for i, n in enumerate(nodes) for c in n.get("children", [])}
    place = np.array(nodes[node].get("translation", [0, 0, 0]), float)
    while node in above:
        node = above[node]
        place = place + nodes[node].get("translation", [0, 0, 0])
    return place
