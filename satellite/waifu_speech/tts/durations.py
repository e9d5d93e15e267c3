"""Let a Piper voice tell how long it made each phoneme.

A VITS export computes the frames of each phoneme by its only `Ceil` node, but does not return them.
Piper's own patch needs the onnx package, 17 MB to change a few bytes: in protobuf's wire format a
second copy of an embedded message is merged into the first, so one more output is made by bytes
behind the file (protobuf.dev/programming-guides/encoding, "Last One Wins").
"""

from collections.abc import Iterator
from typing import Final

# Fields of onnx.proto3: ModelProto.graph, GraphProto.node and .output, NodeProto.output and
# .op_type, ValueInfoProto.name.
_GRAPH: Final = 7
_NODE: Final = 1
_GRAPH_OUTPUT: Final = 12
_NODE_OUTPUT: Final = 2
_OP_TYPE: Final = 4
_NAME: Final = 1
_LENGTH_DELIMITED: Final = 2
_FIXED_BYTES: Final = {1: 8, 5: 4}


def with_durations(model: bytes) -> bytes:
    """Return the ONNX model with its durations as one more output; unchanged where it has none."""
    graphs = [body for number, body in _fields(memoryview(model)) if number == _GRAPH]
    if not graphs:
        return model
    names = [name for graph in graphs for name in _ceil_outputs(graph)]
    known = [
        bytes(name)
        for graph in graphs
        for number, output in _fields(graph)
        if number == _GRAPH_OUTPUT
        for inner, name in _fields(output)
        if inner == _NAME
    ]
    if len(names) != 1 or names[0] in known:
        return model
    return model + _field(_GRAPH, _field(_GRAPH_OUTPUT, _field(_NAME, names[0])))


def _ceil_outputs(graph: memoryview) -> Iterator[bytes]:
    """Yield the names of what the graph's `Ceil` nodes make."""
    for number, node in _fields(graph):
        if number != _NODE:
            continue
        parts = list(_fields(node))
        if any(inner == _OP_TYPE and bytes(body) == b"Ceil" for inner, body in parts):
            yield from (bytes(body) for inner, body in parts if inner == _NODE_OUTPUT)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield number and body of the length-delimited fields of a message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _LENGTH_DELIMITED:
            length, at = _varint(message, at)
            yield key >> 3, message[at : at + length]
            at += length
        elif kind == 0:
            _, at = _varint(message, at)
        else:
            # Anything else is no protobuf: an unknown kind ends the walk with a ValueError.
            if kind not in _FIXED_BYTES:
                raise ValueError(f"no protobuf field has the wire type {kind}")
            at += _FIXED_BYTES[kind]


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return the number at a place, and the place behind it."""
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("a protobuf number does not end")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _field(number: int, body: bytes) -> bytes:
    """Return a length-delimited field."""
    return _encoded(number << 3 | _LENGTH_DELIMITED) + _encoded(len(body)) + body


def _encoded(value: int) -> bytes:
    """Return a number as a varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
