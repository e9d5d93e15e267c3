"""Refuse a document that points outside of itself: three.js would trip, hang or read on."""

from .container import Container
from .errors import BadAvatar, Problem
from .reading import Entry, entries, entry, index, indices, size, words

_COMPONENT_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
_COMPONENTS = {
    "SCALAR": 1,
    "VEC2": 2,
    "VEC3": 3,
    "VEC4": 4,
    "MAT2": 4,
    "MAT3": 9,
    "MAT4": 16,
}
MAX_DEPTH = 512
"""Nodes below each other; three.js walks them by recursion."""

_UNDERSTOOD = (
    "VRM",
    "VRMC_",
    "KHR_materials_",
    "KHR_texture_transform",
    "KHR_mesh_quantization",
    "KHR_lights_punctual",
    "EXT_texture_webp",
    "EXT_texture_avif",
    "EXT_mesh_gpu_instancing",
)


def check_soundness(container: Container) -> None:
    """Refuse a file whose parts do not fit together."""
    document = container.json
    _check_version(document)
    _check_extensions(document)
    sizes = _check_buffers(container)
    views = _check_views(document, sizes)
    _check_accessors(document, views)
    _check_nodes(document)
    _check_meshes(document)


def _check_version(document: Entry) -> None:
    """Refuse what is no glTF 2."""
    version = entry(document, "asset").get("version")
    if not isinstance(version, str) or not version.startswith("2."):
        raise BadAvatar(Problem.NOT_GLTF)


def _check_extensions(document: Entry) -> None:
    """Refuse what needs a decoder that the card does not carry."""
    for name in words(document.get("extensionsRequired")):
        if not name.startswith(_UNDERSTOOD):
            raise BadAvatar(Problem.UNSUPPORTED, name[:64])


def _check_buffers(container: Container) -> list[int]:
    """Return the sizes of the buffers, all of which are in the file."""
    sizes = []
    for place, buffer in enumerate(entries(container.json, "buffers")):
        length, uri = size(buffer.get("byteLength"), "a buffer"), buffer.get("uri")
        if uri is not None:
            there = embedded_bytes(uri)
        elif place == 0 and container.binary is not None:
            there = len(container.binary)
        else:
            raise BadAvatar(Problem.BROKEN, "a buffer has no data")
        if length > there:
            raise BadAvatar(Problem.BROKEN, f"a buffer says {length} bytes and has {there}")
        sizes.append(length)
    return sizes


def embedded_bytes(uri: object) -> int:
    """Return how many bytes a data address holds; any other address leads out of the house."""
    if not isinstance(uri, str) or not uri.startswith("data:"):
        raise BadAvatar(Problem.EXTERNAL, str(uri)[:80])
    head, found, data = uri.partition(";base64,")
    if not found:
        raise BadAvatar(Problem.BROKEN, "embedded data is not base64")
    _, counted, number = head.partition(";bytes=")
    return int(number) if counted and number.isdecimal() else len(data) * 3 // 4


def _check_views(document: Entry, sizes: list[int]) -> list[Entry]:
    """Return the buffer views, each within its buffer."""
    views = entries(document, "bufferViews")
    for view in views:
        room = sizes[index(view.get("buffer"), len(sizes), "a buffer view")]
        begin = size(view.get("byteOffset", 0), "a buffer view")
        if begin + size(view.get("byteLength"), "a buffer view") > room:
            raise BadAvatar(Problem.BROKEN, "a buffer view is longer than its buffer")
        if not 0 <= size(view.get("byteStride", 0), "a stride") <= 252:
            raise BadAvatar(Problem.BROKEN, "a stride is too long")
    return views


def _check_accessors(document: Entry, views: list[Entry]) -> None:
    """Refuse accessors that read beyond their view."""
    for accessor in entries(document, "accessors"):
        count = size(accessor.get("count"), "an accessor")
        item = _item_bytes(accessor.get("componentType"), accessor.get("type"))
        _check_view(views, accessor, count, item)
        if "sparse" in accessor:
            _check_sparse(views, entry(accessor, "sparse"), count, item)
        elif "bufferView" not in accessor and count > 1_000_000:
            raise BadAvatar(Problem.TOO_BIG, "an accessor without data is too long")


def _check_sparse(views: list[Entry], sparse: Entry, count: int, item: int) -> None:
    """Refuse replacements that read beyond their views, or are more than the items."""
    replaced = size(sparse.get("count"), "a sparse accessor")
    if replaced > count:
        raise BadAvatar(Problem.BROKEN, "a sparse accessor has more items than it replaces")
    places, values = entry(sparse, "indices"), entry(sparse, "values")
    for part in (places, values):
        if "bufferView" not in part:
            raise BadAvatar(Problem.BROKEN, "a sparse accessor has no data")
    _check_view(views, places, replaced, _item_bytes(places.get("componentType"), "SCALAR"))
    _check_view(views, values, replaced, item)


def _item_bytes(component: object, kind: object) -> int:
    """Return how long one item of an accessor is."""
    if not isinstance(component, int) or component not in _COMPONENT_BYTES:
        raise BadAvatar(Problem.BROKEN, "an accessor has no known component")
    if not isinstance(kind, str) or kind not in _COMPONENTS:
        raise BadAvatar(Problem.BROKEN, "an accessor has no known type")
    return _COMPONENT_BYTES[component] * _COMPONENTS[kind]


def _check_view(views: list[Entry], part: Entry, count: int, item: int) -> None:
    """Refuse a part that reads beyond its view."""
    if "bufferView" not in part or count == 0:
        return
    view = views[index(part["bufferView"], len(views), "an accessor")]
    stride = view.get("byteStride") or item
    last = size(part.get("byteOffset", 0), "an accessor") + stride * (count - 1) + item
    if last > view["byteLength"]:
        raise BadAvatar(Problem.BROKEN, "an accessor is longer than its buffer view")


def _check_nodes(document: Entry) -> None:
    """Refuse nodes that are not trees: a circle would never end."""
    nodes = entries(document, "nodes")
    count = len(nodes)
    parents: dict[int, int] = {}
    for place, node in enumerate(nodes):
        for child in indices(node.get("children"), count, "a child"):
            if parents.setdefault(child, place) != place or child == place:
                raise BadAvatar(Problem.BROKEN, "a node has two parents")
        for name, list_name in (("mesh", "meshes"), ("skin", "skins")):
            if name in node:
                index(node[name], len(entries(document, list_name)), f"a node's {name}")
    _check_depths(parents, count)
    for scene in entries(document, "scenes"):
        indices(scene.get("nodes"), count, "a scene")
    if "scene" in document:
        index(document["scene"], len(entries(document, "scenes")), "the scene")
    for skin in entries(document, "skins"):
        indices(skin.get("joints"), count, "a skin")


def _check_depths(parents: dict[int, int], count: int) -> None:
    """Refuse circles and endless chains."""
    depths: dict[int, int] = {}
    for start in range(count):
        way: list[int] = []
        at = start
        while at in parents and at not in depths and len(way) <= MAX_DEPTH:
            way.append(at)
            at = parents[at]
        depth = depths.get(at, 0) + len(way)
        if depth > MAX_DEPTH:
            raise BadAvatar(Problem.BROKEN, "its nodes go round in a circle or too deep")
        for place in way:
            depths[place], depth = depth, depth - 1


def _check_meshes(document: Entry) -> None:
    """Refuse meshes whose data is not there."""
    count = len(entries(document, "accessors"))
    for mesh in entries(document, "meshes"):
        for primitive in entries(mesh, "primitives"):
            for place in entry(primitive, "attributes").values():
                index(place, count, "a mesh")
            if "indices" in primitive:
                index(primitive["indices"], count, "a mesh")
            for target in entries(primitive, "targets"):
                for place in target.values():
                    index(place, count, "a mesh's shape")


def triangles(document: Entry) -> int:
    """Return how many triangles a sound document draws at most."""
    accessors, total = entries(document, "accessors"), 0
    for mesh in entries(document, "meshes"):
        for primitive in entries(mesh, "primitives"):
            place = primitive.get("indices", entry(primitive, "attributes").get("POSITION"))
            total += accessors[place]["count"] // 3 if isinstance(place, int) else 0
    return total
