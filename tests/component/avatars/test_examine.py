"""What is in a file, and why one is refused."""

import base64
from collections.abc import Callable
from contextlib import suppress
import json
import struct
import tracemalloc
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.avatars import BadAvatar, FileKind, examine
from custom_components.waifu_rt3d.avatars.container import MAX_BYTES, MAX_JSON_VALUES
from custom_components.waifu_rt3d.avatars.pictures import picture_size

from .made import TRIANGLE, animation, document, glb, gltf, png, vrm_0, vrm_1


@pytest.mark.parametrize(
    ("data", "kind", "suffix"),
    [
        (glb(vrm_1()), FileKind.VRM_1, ".vrm"),
        (glb(vrm_0()), FileKind.VRM_0, ".vrm"),
        (glb(document()), FileKind.GLTF, ".glb"),
        (gltf(document()), FileKind.GLTF, ".gltf"),
        (b"\n " + gltf(vrm_1()), FileKind.VRM_1, ".vrm"),
        (glb(animation()), FileKind.ANIMATION, ".vrma"),
    ],
)
def test_sound_files_are_known(data: bytes, kind: FileKind, suffix: str) -> None:
    """The kind is told by what is in the file."""
    found = examine(data)
    assert (found.kind, found.suffix) == (kind, suffix)
    assert found.triangles == (0 if kind is FileKind.ANIMATION else 1)


def nodes(*many: dict[str, Any]) -> bytes:
    """Return a file with these nodes."""
    return glb(document(nodes=list(many), scenes=[{"nodes": [0]}]))


def bone(bones: Any) -> bytes:
    """Return a VRM 1.0 file with these bones."""
    made = vrm_1()
    made["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"] = bones
    return glb(made)


def accessor(**changes: Any) -> bytes:
    """Return a file whose first accessor says something else."""
    made = document()
    made["accessors"][0].update(changes)
    return glb(made)


def picture(data: bytes, **image: Any) -> bytes:
    """Return a file with a picture."""
    uri = "data:image/png;base64," + base64.b64encode(data).decode()
    return glb(document(images=[{"uri": uri, **image}]))


def named(text: str) -> bytes:
    """Return a file with a text as a name."""
    return nodes({"name": text, "mesh": 0})


GOOD = glb(vrm_1())
BROKEN = {
    "nothing": (b"", "not_gltf"),
    "a picture": (png(4, 4), "not_gltf"),
    "a web page": (b"<!doctype html><html></html>", "not_gltf"),
    "only a magic": (b"glTF", "broken"),
    "cut in the header": (GOOD[:10], "broken"),
    "cut in the middle": (GOOD[: len(GOOD) // 2], "broken"),
    "one byte short": (GOOD[:-1], "broken"),
    "something behind it": (GOOD + b"more", "broken"),
    "length too small": (GOOD[:8] + struct.pack("<I", 20) + GOOD[12:], "broken"),
    "chunk too long": (GOOD[:12] + struct.pack("<I", 2**31) + GOOD[16:], "broken"),
    "binary first": (GOOD[:16] + b"BIN\0" + GOOD[20:], "broken"),
    "version 1": (GOOD[:4] + struct.pack("<I", 1) + GOOD[8:], "not_gltf"),
    "no JSON": (glb(b"{nonsense"), "broken"),
    "no text": (glb(b"\xff\xfe{}"), "not_gltf"),
    "a list": (glb(b"[]"), "not_gltf"),
    "NaN": (glb(b'{"asset": {"version": NaN}}'), "broken"),
    "a number without end": (glb(b'{"a": ' + b"9" * 6000 + b"}"), "broken"),
    "brackets without end": (glb(b"[" * 100_000), "broken"),
    "too many values": (glb(b"[" + b"0," * MAX_JSON_VALUES + b"0]"), "too_big"),
    "too big": (b"glTF" + bytes(MAX_BYTES), "too_big"),
    "glTF 1.0": (glb(document(asset={"version": "1.0"})), "not_gltf"),
    "no version": (glb(document(asset={})), "not_gltf"),
    "nodes no list": (glb(document(nodes={})), "broken"),
    "buffer longer than the file": (glb(document(buffers=[{"byteLength": 9999}])), "broken"),
    "no data at all": (glb(document(), b""), "broken"),
    "buffer elsewhere": (
        glb(document(buffers=[{"byteLength": 42, "uri": "http://example.org/a.bin"}])),
        "external",
    ),
    "buffer beside it": (
        glb(document(buffers=[{"byteLength": 42, "uri": "../../secrets.yaml"}])),
        "external",
    ),
    "embedded data shorter than said": (
        gltf(document()).replace(b'"byteLength": 42', b'"byteLength": 4200'),
        "broken",
    ),
    "view beyond its buffer": (
        glb(document(bufferViews=[{"buffer": 0, "byteLength": 99}])),
        "broken",
    ),
    "view of no buffer": (glb(document(bufferViews=[{"buffer": 7, "byteLength": 9}])), "broken"),
    "negative offset": (
        glb(document(bufferViews=[{"buffer": 0, "byteOffset": -4, "byteLength": 9}])),
        "broken",
    ),
    "accessor beyond its view": (accessor(count=4), "broken"),
    "accessor of four billion": (accessor(count=2**32), "broken"),
    "accessor of no view": (accessor(bufferView=9), "broken"),
    "unknown component": (accessor(componentType=1), "broken"),
    "unknown type": (accessor(type="VEC9"), "broken"),
    "true is no number": (accessor(count=True), "broken"),
    "sparse beyond its view": (
        accessor(
            sparse={
                "count": 3,
                "indices": {"bufferView": 1, "componentType": 5125},
                "values": {"bufferView": 0},
            }
        ),
        "broken",
    ),
    "mesh without data": (
        glb(document(meshes=[{"primitives": [{"attributes": {"POSITION": 5}}]}])),
        "broken",
    ),
    "nothing to see": (glb(document(meshes=[], nodes=[{}])), "broken"),
    "node of no mesh": (nodes({"mesh": 3}), "broken"),
    "its own child": (nodes({"children": [0], "mesh": 0}), "broken"),
    "a circle": (nodes({"children": [1], "mesh": 0}, {"children": [0]}), "broken"),
    "two parents": (
        nodes({"children": [1, 2], "mesh": 0}, {"children": [2]}, {}),
        "broken",
    ),
    "too deep": (
        nodes(*({"children": [n + 1]} for n in range(2000)), {"mesh": 0}),
        "broken",
    ),
    "scene of no node": (glb(document(scenes=[{"nodes": [9]}])), "broken"),
    "VRM without bones": (bone({}), "no_humanoid"),
    "VRM without a head": (bone({"hips": {"node": 0}, "spine": {"node": 1}}), "no_humanoid"),
    "bones that are nowhere": (
        bone({name: {"node": 77} for name in ("hips", "spine", "head")}),
        "no_humanoid",
    ),
    "VRM 0 without a humanoid": (
        glb(document(extensionsUsed=["VRM"], extensions={"VRM": {}})),
        "no_humanoid",
    ),
    "VRM in the extensions only": (
        glb(document(extensions={"VRMC_vrm": {"humanoid": {}}})),
        "no_humanoid",
    ),
    "VRM in name only": (glb(document(extensionsUsed=["VRMC_vrm"])), "no_humanoid"),
    "packed": (
        glb(document(extensionsRequired=["KHR_draco_mesh_compression"])),
        "unsupported",
    ),
    "picture elsewhere": (
        picture(png(4, 4), uri="https://example.org/track.png"),
        "external",
    ),
    "picture too large": (picture(png(20_000, 4)), "picture_too_large"),
    "picture of no view": (glb(document(images=[{"bufferView": 99}])), "broken"),
    "script in a name": (named("<script>alert(1)</script>"), "script"),
    "event handler": (named('<b onmouseover="x()">'), "script"),
    "picture with a handler": (named("<img src=x onerror=alert(1)>"), "script"),
    "tag without end": (named("<svg/onload=alert(1)"), "script"),
    "address that runs": (named("java\nscript:alert(1)"), "script"),
    "hidden sign": (named("a\x00b"), "script"),
    "script in the licence": (glb(vrm_1(authors=["<iframe src='x'>"])), "script"),
    "script as a field": (glb(document(extras={"<script>": 1})), "script"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_files_are_refused(what: str) -> None:
    """Each names its problem."""
    data, problem = BROKEN[what]
    with pytest.raises(BadAvatar) as refused:
        examine(data)
    assert (refused.value.problem, bool(str(refused.value))) == (problem, True)


@pytest.mark.parametrize(
    "name", ["Sam <sam@example.org>", "Hair < 3", "a: b", "Körper", "J_Bip_C_Hips", "http://x.org/"]
)
def test_harmless_names_are_taken(name: str) -> None:
    """A name is no script because of a sign."""
    assert examine(named(name)).kind is FileKind.GLTF


def test_licence_of_vrm_1() -> None:
    """What the file does not say is what VRM 1.0 says for it."""
    licence = examine(glb(vrm_1(allowRedistribution=True, creditNotation="unnecessary"))).licence
    assert (licence.title, licence.authors) == ("Robin", ("Sam",))
    assert (licence.passing_on, licence.violence, licence.who_may_use) == (
        True,
        False,
        "onlyAuthor",
    )
    assert (licence.credit, licence.commercial) == ("unnecessary", "personalNonProfit")


def test_licence_of_vrm_0() -> None:
    """Its misspelt fields are read too."""
    meta = {
        "author": "Kim",
        "allowedUserName": "Everyone",
        "violentUssageName": "Disallow",
        "commercialUssageName": "Allow",
        "licenseName": "CC_BY_ND",
    }
    licence = examine(glb(vrm_0(**meta))).licence
    assert (licence.who_may_use, licence.violence, licence.sexual) == ("everyone", False, None)
    assert (licence.commercial, licence.changing) == ("corporation", "prohibited")
    assert (licence.credit, licence.passing_on) == ("required", True)


@pytest.mark.parametrize("value", [None, 7, [], {"a": 1}, "x" * 9999, [[None]]])
def test_licence_of_any_shape(value: Any) -> None:
    """Fields that are no text are left out, long ones are cut."""
    fields = ("name", "authors", "licenseUrl", "references", "avatarPermission", "modification")
    licence = examine(glb(vrm_1(**dict.fromkeys(fields, value)))).licence
    assert len(licence.title) <= 300
    fields = ("title", "author", "licenseName", "allowedUserName", "violentUssageName")
    try:
        examine(glb(vrm_0(**dict.fromkeys(fields, value))))
    except BadAvatar:
        pytest.fail("a licence refuses no file")


def test_sizes_of_pictures() -> None:
    """PNG, JPEG and WebP tell their sizes in their first bytes."""
    jpeg = b"\xff\xd8\xff\xe0\0\x04ab" + b"\xff\xc0\0\x11\x08" + struct.pack(">HH", 30, 40)
    webp = b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x27\0\0\x1d\0\0"
    assert picture_size(png(40, 30)) == picture_size(jpeg) == picture_size(webp) == (40, 30)
    assert picture_size(jpeg[:9]) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def refused_or_known(data: bytes) -> None:
    """Look through anything: it is known or refused, and nothing else happens."""
    with suppress(BadAvatar):
        examine(data)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Noise, also behind a good beginning."""
    refused_or_known(data)
    refused_or_known(GOOD[:40] + data)


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4), st.booleans())
def test_damaged_files(at: int, damage: bytes, cut: bool) -> None:
    """A good file with other bytes somewhere."""
    rest = b"" if cut else GOOD[at + len(damage) :]
    refused_or_known(GOOD[:at] + damage + rest)


def places(value: Any) -> list[Callable[[Any], None]]:
    """Return how to put something else at each place of a document."""
    found: list[Callable[[Any], None]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        found.append(lambda new, key=key: value.__setitem__(key, new))
        if isinstance(inner, dict | list):
            found.extend(places(inner))
    return found


@given(st.sampled_from([vrm_0, vrm_1, animation, document]), st.integers(0, 10_000), JSON)
def test_any_value_anywhere(make: Callable[[], dict[str, Any]], place: int, value: Any) -> None:
    """A sound document with anything in place of one of its parts."""
    made = make()
    made.setdefault("skins", [{"joints": [0]}])
    made.setdefault("images", [{"bufferView": 0, "mimeType": "image/png"}])
    made.setdefault("extensionsRequired", ["VRM"])
    ways = places(made)
    ways[place % len(ways)](value)
    refused_or_known(glb(made))
    refused_or_known(json.dumps(made).encode())


def test_memory_is_bounded() -> None:
    """A large embedded file costs a small multiple of itself."""
    uri = "data:application/octet-stream;base64," + "A" * (MAX_BYTES - 100_000)
    made = document(buffers=[{"byteLength": len(TRIANGLE), "uri": uri}])
    data = json.dumps(made).encode()
    tracemalloc.start()
    examine(data)
    assert tracemalloc.get_traced_memory()[1] < 2 * len(data)
    tracemalloc.stop()
