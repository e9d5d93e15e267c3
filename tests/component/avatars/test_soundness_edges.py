"""Files whose parts do not fit together: refused before a tablet chokes on them."""

from typing import Any

import pytest

from custom_components.waifu_rt3d.avatars import BadAvatar, examine

from .made import document, glb

TRIANGLES = document()["accessors"]
VIEWS = document()["bufferViews"]
MESH = {"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "targets": [{"POSITION": 9}]}]}


def sparse(**changes: Any) -> list[dict[str, Any]]:
    """Return the accessors of a triangle with some points replaced."""
    parts: dict[str, Any] = {
        "count": 1,
        "indices": {"bufferView": 1, "componentType": 5123},
        "values": {"bufferView": 0},
    }
    return [{**TRIANGLES[0], "sparse": {**parts, **changes}}, TRIANGLES[1]]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"bufferViews": [{**VIEWS[0], "byteStride": 300}, VIEWS[1]]}, "a stride is too long"),
        (
            {
                "accessors": [
                    *TRIANGLES,
                    {"componentType": 5126, "count": 2_000_000, "type": "VEC3"},
                ]
            },
            "without data is too long",
        ),
        ({"accessors": sparse(count=9)}, "more items than it replaces"),
        ({"accessors": sparse(values={})}, "a sparse accessor has no data"),
        ({"meshes": [MESH]}, "a mesh's shape"),
        ({"images": [{"uri": "data:image/png,xx"}]}, "not base64"),
        ({"images": [{"uri": "data:image/png;base64,!!!!"}]}, "not base64"),
    ],
)
def test_parts_that_do_not_fit_are_refused(changes: dict[str, Any], reason: str) -> None:
    """The sentence names the part."""
    with pytest.raises(BadAvatar, match=reason):
        examine(glb(document(**changes)))


def test_sparse_parts_that_fit_are_taken() -> None:
    """So do shapes of a mesh."""
    mesh = {"primitives": [{**MESH["primitives"][0], "targets": [{"POSITION": 0}]}]}
    assert examine(glb(document(accessors=sparse(), meshes=[mesh]))).triangles == 1
