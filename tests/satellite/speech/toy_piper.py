"""A Piper voice made of arithmetic: the same inputs and outputs as a real one, and known times.

Each phoneme id is a number of hops long, times the length scale, and sounds as one sine wave of a
frequency of its own; pauses are silent. `burden` adds as much useless work to each sample as a real
voice has, for benchmarks.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

HOP = 256
RATE_HZ = 22050
SYMBOLS = 256
VOWELS = set("aæɐɑɒɔəɚɛɜeiɪoøuʊʌyᵻ")
MARKS = set("ˈˌː'\"")
STOPS = set("pbtdkɡgʔɾ")
PAUSES = {" ": 8, ".": 14, ",": 12, "!": 14, "?": 14, ";": 12, ":": 12, "-": 6}


def hops_of(name: str) -> int:
    """Return how long a phoneme is."""
    if name == "_" or name in MARKS:
        return 1
    if name in "^$":
        return 4
    if name in PAUSES:
        return PAUSES[name]
    return 8 if name in VOWELS else 4 if name in STOPS else 6


def hertz_of(number: int, name: str) -> float:
    """Return the frequency of a phoneme id, 0 for silence."""
    silent = name in PAUSES or name in "^$_"
    return 0.0 if silent else 150.0 + 9.0 * number


def make_voice(
    path: Path,
    *,
    speakers: int = 1,
    burden: int = 0,
    language: str = "en_US",
    durations: bool = True,
) -> Path:
    """Write `path` and `path`.json and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(_model(speakers, burden, durations), path)
    config = {
        "audio": {"sample_rate": RATE_HZ, "quality": "toy"},
        "espeak": {"voice": "en-us" if language == "en_US" else language[:2]},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {name: list(ids) for name, ids in DEFAULT_PHONEME_ID_MAP.items()},
        "num_symbols": SYMBOLS,
        "num_speakers": speakers,
        "speaker_id_map": {f"speaker{number}": number for number in range(speakers)}
        if speakers > 1
        else {},
        "hop_length": HOP,
        "language": {"code": language, "family": language[:2], "name_english": "Toy"},
        "dataset": "toy",
    }
    Path(f"{path}.json").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
    return path


def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Return hops and hertz of each id."""
    hops = np.ones(SYMBOLS, np.float32)
    hertz = np.zeros(SYMBOLS, np.float32)
    for name, ids in DEFAULT_PHONEME_ID_MAP.items():
        hops[ids[0]] = hops_of(name)
        hertz[ids[0]] = hertz_of(ids[0], name)
    return hops, hertz


class _Graph:
    """Nodes and constants that grow."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: object) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Add a node and return its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def _model(speakers: int, burden: int, durations: bool) -> onnx.ModelProto:
    """Return the network."""
    graph = _Graph()
    hops, hertz = _tables()
    flat = graph.constant("flat", np.array([-1], np.int64))
    zero = graph.constant("zero", np.int64(0))
    one = graph.constant("one", np.int64(1))
    last = graph.constant("last", np.array([1], np.int64))
    ids = graph.add("Reshape", ["input", flat], "ids")
    scale = graph.add("Gather", ["scales", graph.constant("second", np.int64(1))], "length_scale")
    own = graph.add("Gather", [graph.constant("hops", hops), ids], "own_hops")
    scaled = graph.add("Mul", [own, scale], "w")
    if durations:
        frames = graph.add("Ceil", [scaled], "w_ceil")
    else:
        below = graph.add("Floor", [scaled], "below")
        frames = graph.add("Add", [below, graph.constant("f1", np.float32(1))], "w_above")
    ends = graph.add("CumSum", [frames, zero], "ends")
    total = graph.add("ReduceSum", [frames], "total", keepdims=0)
    count = graph.add("Cast", [total], "count", to=TensorProto.INT64)
    at = graph.add("Range", [zero, count, one], "at")
    at = graph.add("Cast", [at], "at_float", to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", [at, last], "column")
    passed = graph.add("GreaterOrEqual", [column, ends], "passed")
    passed = graph.add("Cast", [passed], "passed_int", to=TensorProto.INT64)
    place = graph.add("ReduceSum", [passed, last], "place", keepdims=0)
    frame_ids = graph.add("Gather", [ids, place], "frame_ids")
    frequency = graph.add("Gather", [graph.constant("hertz", hertz), frame_ids], "frequency")
    if speakers > 1:
        speaker = graph.add("Cast", ["sid"], "speaker", to=TensorProto.FLOAT)
        step = graph.add("Mul", [speaker, graph.constant("third", np.float32(0.3))], "step")
        factor = graph.add("Add", [step, graph.constant("whole", np.float32(1))], "factor")
        frequency = graph.add("Mul", [frequency, factor], "own_frequency")
    wave = _wave(graph, frequency, flat)
    if burden:
        wave = _burdened(graph, wave, burden)
    shape = graph.constant("shape", np.array([1, 1, 1, -1], np.int64))
    graph.add("Reshape", [wave, shape], "output")
    return _finished(graph, speakers)


def _wave(graph: _Graph, frequency: str, flat: str) -> str:
    """Return sine waves of the frames' frequencies."""
    column = graph.add("Unsqueeze", [frequency, "last"], "frequencies")
    hop = graph.constant("hop", np.ones((1, HOP), np.float32))
    samples = graph.add("Reshape", [graph.add("Mul", [column, hop], "spread"), flat], "per_sample")
    turn = graph.constant("turn", np.float32(2 * np.pi / RATE_HZ))
    phase = graph.add("CumSum", [graph.add("Mul", [samples, turn], "steps"), "zero"], "phase")
    sine = graph.add("Sin", [phase], "sine")
    sounding = graph.add("Greater", [samples, graph.constant("f0", np.float32(0))], "sounding")
    return graph.add("Mul", [sine, graph.add("Cast", [sounding], "gate", to=1)], "wave")


def _burdened(graph: _Graph, wave: str, burden: int) -> str:
    """Return the same wave after `burden` matrix products over it."""
    width = graph.constant("rows", np.array([-1, HOP], np.int64))
    rows = graph.add("Reshape", [wave, width], "burden_0")
    identity = graph.constant("identity", np.eye(HOP, dtype=np.float32))
    for number in range(burden):
        rows = graph.add("MatMul", [rows, identity], f"burden_{number + 1}")
    return rows


def _finished(graph: _Graph, speakers: int) -> onnx.ModelProto:
    """Return the checked model."""
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, ["batch"]))
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "time"])
    made = helper.make_graph(graph.nodes, "toy", inputs, [output], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model
