"""What the demo found: checks, the table of stages, and the files that it leaves."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
import shutil
from typing import override

from .house_client import Json
from .microphone import COMMAND
from .pictures import Face, openings_px
from .recorder import Turn
from .sound import Fit, fit
from .turns import LIGHT, Spoken

EDGE_MS = 60
COVERED_SHARE = 0.95
CUE_MS = 80
OPENING_RATIO = 3
_TAG = re.compile(r"\[[\w:.]+\]|\*\w+\*|<\|")
NOISE = ("libturbojpeg", "zlib_ng", "has not been tested by Home Assistant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that must hold."""

    what: str
    ok: bool
    found: str

    @override
    def __str__(self) -> str:
        """Return a line for the screen."""
        return f"  {'ok  ' if self.ok else 'FAIL'}  {self.what}: {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that was seen."""

    spoken: Spoken
    typed: Turn
    faces: tuple[Face, Face] | None
    log: Path

    def stages(self) -> Json:
        """Return the times of the spoken turn's stages (ms)."""
        turn, found = self.spoken.turn, self.sound_fit()
        return {
            "wake_to_listening_ms": turn.between_ms("wake", "start"),
            "speech_end_to_text_ms": turn.between_ms("speech_end", "heard"),
            "text_to_first_audio_ms": turn.between_ms("heard", "first_audio"),
            "first_audio_to_viseme_ms": found.start_error_ms if found else None,
        }

    def sound_fit(self) -> Fit | None:
        """Return how the spoken reply's mouth fits its sound."""
        return fit(self.spoken.reply, self.spoken.turn.timeline)

    def checks(self) -> list[Check]:
        """Return every check with what was found."""
        return [*self._spoken(), *self._sound(), *self._typed(), *self._pictures(), *self._log()]

    def write(self, out: Path) -> None:
        """Write `reply.wav`, `timeline.json`, `talk-timeline.json` and `turn.json`."""
        turn = self.spoken.turn
        shutil.copyfile(self.spoken.reply, out / "reply.wav")
        _write(out / "timeline.json", turn.document)
        _write(out / "talk-timeline.json", self.typed.document)
        _write(
            out / "turn.json",
            {
                "transcript": turn.transcript,
                "reply": turn.speech,
                "states": {LIGHT: {"before": self.spoken.before, "after": self.spoken.after}},
                **self.stages(),
                "times": turn.times,
                "talk": {
                    "reply": self.typed.speech,
                    "times": self.typed.times,
                    "cues": [cue for data in self.typed.timeline for cue in data["cues"]],
                },
                "pictures": [
                    {"file": face.path.name, "audio_ms": face.audio_ms, "weights": face.shown}
                    for face in self.faces or ()
                ],
                "checks": [
                    {"what": check.what, "ok": check.ok, "found": check.found}
                    for check in self.checks()
                ],
            },
        )

    def _spoken(self) -> list[Check]:
        """Check that the command was heard, done and answered."""
        turn = self.spoken.turn
        light = f"{self.spoken.before} → {self.spoken.after}"
        return [
            Check(what="heard", ok=turn.transcript.lower() == COMMAND, found=turn.transcript),
            Check(what="the kitchen light", ok=light == "off → on", found=light),
            Check(what="answered", ok=bool(turn.speech) and not turn.error, found=turn.speech),
        ]

    def _sound(self) -> list[Check]:
        """Check that the mouth fits the sound, in the file and in the picture."""
        found = self.sound_fit()
        if found is None:
            return [Check(what="sound", ok=False, found="there is none")]
        edges = f"{found.start_error_ms:+d} ms, {found.end_error_ms:+d} ms"
        near = max(abs(found.start_error_ms), abs(found.end_error_ms)) <= EDGE_MS
        checks = [
            Check(what="mouth begins and ends with the sound", ok=near, found=edges),
            Check(
                what="audible frames under a moving mouth",
                ok=found.covered_share >= COVERED_SHARE,
                found=f"{found.covered_share:.1%}",
            ),
        ]
        if samples := self.spoken.samples:
            moved = sum(max(_speaking(sample).values(), default=0) > 0.2 for sample in samples)
            checks.append(
                Check(
                    what="the card's mouth moved with the room's loudspeaker",
                    ok=moved > 0,
                    found=f"{moved} of {len(samples)} looks",
                )
            )
        return checks

    def _typed(self) -> list[Check]:
        """Check the talk: sound before the last piece, no tag, cues at their words."""
        turn = self.typed
        first_ms = turn.times.get("first_audio", float("inf"))
        early_ms = turn.last_piece_ms - first_ms
        tags = _TAG.findall(turn.speech + turn.display)
        checks = [
            Check(
                what="sound starts before the last piece of text",
                ok=early_ms > 0,
                found=f"{early_ms:.0f} ms before",
            ),
            Check(what="tags spoken or shown", ok=not tags, found=str(tags or "none")),
        ]
        for name, word in (("happy", "Sure!"), ("wave", "Somewhere")):
            checks.append(_cue_check(turn, name, word))
        return checks

    def _pictures(self) -> list[Check]:
        """Check the two pictures, where a browser took them."""
        if self.faces is None:
            return []
        shut_px, open_px = openings_px(*(face.path for face in self.faces))
        return [
            Check(
                what="mouth opens",
                ok=open_px >= OPENING_RATIO * max(shut_px, 1),
                found=f"{shut_px} px shut, {open_px} px open",
            ),
            *(
                Check(
                    what=f"{face.path.name} shows the timeline at {face.audio_ms} ms",
                    ok=face.agrees,
                    found=str({k: round(v, 3) for k, v in face.shown.items() if v > 0.001}),
                )
                for face in self.faces
            ),
        ]

    def _log(self) -> list[Check]:
        """Check that Home Assistant's log is clean of us."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        bad = [
            line
            for line in lines
            if ("waifu_rt3d" in line or "blocking call" in line or " ERROR " in line)
            and (" ERROR " in line or " WARNING " in line)
            and not any(noise in line for noise in NOISE)
        ]
        return [Check(what="Home Assistant's log", ok=not bad, found="; ".join(bad) or "clean")]


def table(stages: Json) -> str:
    """Return the stages as a table."""
    lines = [f"    {'stage':<28}{'ms':>9}"]
    for key, value in stages.items():
        name = key.removesuffix("_ms").replace("_", " ")
        lines.append(f"    {name:<28}{'–' if value is None else format(value, '9.1f')}")
    return "\n".join(lines)


def _cue_check(turn: Turn, name: str, word: str) -> Check:
    """Check that a cue stands at its word."""
    cues = {cue["name"]: cue["at_ms"] for data in turn.timeline for cue in data["cues"]}
    words = {w["offset"]: w["at_ms"] for data in turn.timeline for w in data["words"]}
    expected = words.get(turn.speech.find(word))
    at_ms = cues.get(name)
    ok = at_ms is not None and expected is not None and abs(at_ms - expected) <= CUE_MS
    return Check(what=f"{name} at “{word}”", ok=ok, found=f"{at_ms} ms, the word at {expected} ms")


def _speaking(sample: Json) -> dict[str, float]:
    """Return the weights of a sample but for the mouth at rest."""
    return {shape: weight for shape, weight in sample["weights"].items() if shape != "sil"}


def _write(path: Path, content: Json) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
