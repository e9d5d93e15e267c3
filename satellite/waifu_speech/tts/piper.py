"""Speak with Piper voices, with the times of the very run that made the sound."""

import json
import os
from pathlib import Path
from typing import Any, Final

import numpy as np
from wyoming.event import Event

from ..errors import EngineMissingError, ModelBrokenError, UnknownVoiceError
from ..host_worker import Inbox, Outbox
from ..marks import Source, Spoken, trim
from ..words import speakable
from .delivery import Delivery, read_delivery
from .durations import with_durations
from .jobs import encode_spoken
from .loudness import to_pcm
from .piper_marks import Timed, estimated_samples, marks_of
from .resampling import at_pitch

try:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
    from piper import PiperVoice
    from piper.config import PiperConfig
except ImportError as err:
    raise EngineMissingError(
        "Piper is not installed: run `pip install 'waifu-satellite[piper]'`"
    ) from err

_MAX_THREADS: Final = 4
_PEAK: Final = 0.66
# Lively speech varies more than calm speech; the whole of the factor sounds drunk.
_RANGE_TO_NOISE: Final = 0.5
# They have no base of their own.
_BROKEN: Final = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)


class PiperModel:
    """One loaded voice; onnxruntime lets many threads run it at once."""

    def __init__(self, path: Path) -> None:
        """Load `NAME.onnx` and the `NAME.onnx.json` beside it."""
        try:
            config = json.loads(Path(f"{path}.json").read_text(encoding="utf-8"))
            self._config = PiperConfig.from_dict(config)
            self._session = _session(with_durations(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise ModelBrokenError(f"The Piper voice {path.name} can't be read: {err}") from err
        except _BROKEN as err:
            raise ModelBrokenError(f"The Piper voice {path.name} is damaged") from err
        self._voice = PiperVoice(session=self._session, config=self._config)
        # The first phonemes wait for espeak-ng's data: now, not at the first sentence.
        self._voice.phonemize("a")

    def serve(self, inbox: Inbox, send: Outbox) -> None:
        """Answer each `speak` of one client with its sound."""
        while (event := inbox.get()) is not None:
            spoken = self._speak(event, inbox)
            if spoken is None:
                return
            for answer in encode_spoken(spoken):
                send(answer)

    def _speak(self, event: Event, inbox: Inbox) -> Spoken | None:
        """Return the sound of one segment, None when the client left meanwhile."""
        delivery = read_delivery(event.data.get("delivery") or {})
        text = speakable(event.data["text"])
        rate_hz = self._config.sample_rate
        pieces: list[np.ndarray[Any, np.dtype[np.int16]]] = []
        timed: list[Timed] = []
        source = Source.EXACT
        for phonemes in self._voice.phonemize(text):
            ids = self._voice.phonemes_to_ids(phonemes)
            run = self._run(ids, delivery, inbox)
            if run is None:
                return None
            audio, samples = run
            if samples is None:
                source = Source.ESTIMATED
                samples = estimated_samples(ids, self._config.phoneme_id_map, len(audio))
            timed.append(Timed(ids=ids, samples=samples))
            pieces.append(audio)
        pcm = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
        marks = marks_of(text, timed, pcm, rate_hz, self._config.phoneme_id_map)
        return trim(Spoken(rate_hz=rate_hz, pcm=pcm.tobytes(), marks=marks, source=source))

    def _run(
        self, ids: list[int], delivery: Delivery, inbox: Inbox
    ) -> tuple[np.ndarray[Any, np.dtype[np.int16]], list[int] | None] | None:
        """Return 16-bit sound and the samples of each id; None when it was stopped."""
        options = onnxruntime.RunOptions()
        inbox.on_close = lambda: setattr(options, "terminate", True)
        try:
            if inbox.closed.is_set():
                return None
            result = self._session.run(None, self._inputs(ids, delivery), options)
        except Exception:
            if inbox.closed.is_set():
                return None
            raise
        finally:
            inbox.on_close = None
        made = np.asarray(result[0]).reshape(-1)
        peak = max(1e-8, float(np.abs(made).max(initial=0.0)))
        # The level is that of the voice: another pitch has other peaks, and is no louder for it.
        audio = at_pitch(made, delivery.pitch)
        # As Piper does, each sentence at one level, with room for a louder feeling.
        loud = to_pcm(audio / peak * _PEAK * delivery.volume)
        return loud, self._samples(result, len(ids), len(audio), delivery.pitch)

    def _samples(self, result: list[Any], count: int, total: int, pitch: float) -> list[int] | None:
        """Return the samples of each id, None where the voice does not tell them."""
        if len(result) < 2 or np.size(result[1]) != count:
            return None
        ends = np.cumsum(np.asarray(result[1]).reshape(-1)) * self._config.hop_length / pitch
        ends = np.minimum(np.rint(ends).astype(int), total)
        return [int(value) for value in np.diff(ends, prepend=0)]

    def _inputs(self, ids: list[int], delivery: Delivery) -> dict[str, Any]:
        """Return what a VITS export takes: ids, their number, scales, speaker."""
        config = self._config
        noise = config.noise_scale if delivery.noise is None else delivery.noise
        noise_w = config.noise_w_scale if delivery.noise_w is None else delivery.noise_w
        scales = [
            noise * delivery.range**_RANGE_TO_NOISE,
            config.length_scale / delivery.rate * delivery.pitch,
            noise_w,
        ]
        inputs = {
            "input": np.array([ids], dtype=np.int64),
            "input_lengths": np.array([len(ids)], dtype=np.int64),
            "scales": np.array(scales, dtype=np.float32),
        }
        if config.num_speakers > 1:
            inputs["sid"] = np.array([self._speaker(delivery.speaker)], dtype=np.int64)
        return inputs

    def _speaker(self, wanted: str | int | None) -> int:
        """Return a speaker's number by name or number."""
        config = self._config
        if wanted is None or wanted == "":
            return config.default_speaker_id
        if wanted in config.speaker_id_map:
            return int(config.speaker_id_map[str(wanted)])
        if str(wanted).isdigit() and int(wanted) < config.num_speakers:
            return int(wanted)
        raise UnknownVoiceError(f"This voice has no speaker {wanted!r}")


def _session(model: bytes) -> onnxruntime.InferenceSession:
    """Return a session that leaves the processor alone while it waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_MAX_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Its threads would turn in circles for work, at the cost of everybody else on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
