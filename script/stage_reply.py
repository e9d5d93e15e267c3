"""Record a reply for the workbench: `stage_reply.py FOLDER` writes reply.wav and reply.json.

The speech server's own engines speak it, its phoneme times become the timeline as in a house.
"""

import json
from pathlib import Path
import sys
import wave

import pure_parts

pure_parts.load()

from waifu_rt3d.stage.cues import Cue, CueKind  # type: ignore[import-not-found]  # noqa: E402 - made importable above
from waifu_rt3d.stage.timeline import Source, SpeechMarks, TimelineBuilder  # type: ignore[import-not-found]  # noqa: E402 - made importable above
from waifu_rt3d.stage.visemes import Mark  # type: ignore[import-not-found]  # noqa: E402 - made importable above

from waifu_speech.errors import EngineMissingError  # noqa: E402 - made importable above
from waifu_speech.marks import Spoken  # noqa: E402 - made importable above
from waifu_speech.tts.espeak import EspeakEngine  # noqa: E402 - made importable above
from waifu_speech.tts.flite import FliteEngine  # noqa: E402 - made importable above

TEXT = "Welcome home! I kept the living room warm. Oh, but the last bus has gone, I am sorry."
CUES = (
    (CueKind.EMOTION, "happy", "Welcome"),
    (CueKind.GESTURE, "wave", "home"),
    (CueKind.GESTURE, "nod", "kept"),
    (CueKind.EMOTION, "sad", "Oh"),
    (CueKind.GESTURE, "shrug", "gone"),
)


def main(folder: Path) -> int:
    """Speak and write."""
    reply = _speak()
    marks = tuple(
        Mark(phoneme=one.phoneme, start_ms=one.start_ms, end_ms=one.end_ms, char=one.char)
        for one in reply.marks
    )
    speech = SpeechMarks(
        text=TEXT, offset=0, start_ms=0, end_ms=reply.duration_ms, marks=marks, source=Source.EXACT
    )
    cues = [
        Cue(kind=kind, name=name, offset=TEXT.index(word), hold_ms=2500)
        for kind, name, word in CUES
    ]
    document = TimelineBuilder().segment(speech, cues).as_dict()
    segment = document | {"turn_id": "recorded", "seq": 0, "final": True}
    (folder / "reply.json").write_text(json.dumps({"segments": [segment]}), encoding="utf-8")
    with wave.open(str(folder / "reply.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(reply.rate_hz)
        sound.writeframes(reply.pcm)
    return 0


def _speak() -> Spoken:
    """Say the reply with the pleasanter engine that is there."""
    try:
        return FliteEngine().speak(TEXT, "slt")
    except EngineMissingError:
        return EspeakEngine().speak(TEXT, "en-us")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
