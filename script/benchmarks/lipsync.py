"""Score the mouth against independent phone times: `script/bench lipsync [WAV TEXT TRUTH.json]…`.

Without arguments our speech server's engines say sentences that nothing was tuned on. Their own
phone times move the mouth; the judge is a forced alignment that has only heard the sound. With
arguments the mouth gets what a house gives it for a foreign engine's sound and text: the times that
our speech server finds in the sound, or where it can't, those that Home Assistant guesses.
"""

import base64
from dataclasses import dataclass, replace
import json
from math import isfinite
from pathlib import Path
import subprocess
import sys

from mouth.closing import closed_in_time
from mouth.judge import judged
from mouth.phones import Phone, read_truth
from mouth.recordings import BadRecordingError, read_sound, read_words
from mouth.rivals import VOWELS, Samples, cepstrum, spectral_track, volume_track
from mouth.scoring import STEP_MS, Score, Track, score
from mouth.sounds import spoken
import numpy as np
from waifu_rt3d.stage.estimating import estimate_marks, heard_runs  # type: ignore[import-not-found]  # made importable by mouth.phones
from waifu_rt3d.stage.timeline import Source, SpeechMarks, TimelineBuilder  # type: ignore[import-not-found]  # as above
from waifu_rt3d.stage.visemes import Mark  # type: ignore[import-not-found]  # as above

from waifu_speech.errors import NotAlignedError
from waifu_speech.marks import Spoken
from waifu_speech.stt.aligner import Aligner
from waifu_speech.stt.pronounce import Pronouncer
from waifu_speech.stt.sphinx import DICTIONARY

ENVIRONMENT = "satellite"
LOVELACE = Path(__file__).resolve().parents[2] / "lovelace"
TARGETS = {"frames_right_share": 0.90, "closures_shut_share": 0.97}
ONSET_P95_MS = 40.0
FALLBACK_LEAD = 0.15
TUNING = (
    "Please put a purple book by the big blue box.",
    "My mother made five pumpkin pies before the movie.",
    "Would you like me to turn the heating down before you go to bed?",
    "The quick brown fox jumps over the lazy dog.",
)
UNSEEN = (
    "Good morning, I have opened the blinds and warmed up the bathroom for you.",
    "Somebody left the garage door open, but I can close it from here.",
    "Your favourite programme begins in half an hour, so there is time for supper.",
    "It will be windy and wet this evening, maybe take an umbrella.",
    "Of course, I will remind you about the meeting with Emma and Bob.",
    "Five fresh fish swam above the voyage of a vivid purple boat.",
    "The washing machine has finished, and nobody is at home to empty it.",
    "I am so proud of you, that was a marvellous thing to do.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One spoken sentence: what drives the mouth, what is true, and the sound."""

    name: str
    marks: SpeechMarks
    truth: list[Phone]
    samples: Samples
    rate_hz: int


def engine_cases(sentences: tuple[str, ...]) -> list[Case]:
    """Return the sentences as our engines say them, judged by the sound."""
    cases = []
    for name, replies in spoken(sentences).items():
        for text, reply in zip(sentences, replies, strict=True):
            truth = judged(reply.pcm, reply.rate_hz, reply.marks)
            if truth is None:
                print(f"    the judge could not follow {name}: {text}")
                continue
            cases.append(_engine_case(name, text, reply, truth))
    return cases


def _engine_case(name: str, text: str, reply: Spoken, truth: list[Phone]) -> Case:
    """Return one case whose mouth is driven by the engine's own marks."""
    marks = tuple(
        Mark(phoneme=one.phoneme, start_ms=one.start_ms, end_ms=one.end_ms, char=one.char)
        for one in reply.marks
    )
    speech = SpeechMarks(
        text=text, offset=0, start_ms=0, end_ms=reply.duration_ms, marks=marks, source=Source.EXACT
    )
    samples = np.frombuffer(reply.pcm, dtype="<i2").astype(np.float64) / 32768
    return Case(name=name, marks=speech, truth=truth, samples=samples, rate_hz=reply.rate_hz)


def file_case(wav: Path, text: str, truth: Path) -> Case:
    """Return a recording with its text as a foreign engine's reply."""
    samples, rate_hz = read_sound(wav)
    words, phones = read_words(text), read_truth(truth)
    if phones[0].start_ms > len(samples) * 1000 / rate_hz:
        raise BadRecordingError(
            f"{truth.name} begins behind the end of {wav.name}: are its times seconds?"
        )
    pcm = np.clip(samples * 32768, -32768, 32767).astype("<i2").tobytes()
    marks = foreign_marks(words, pcm, rate_hz)
    print(f"    {wav.name}: {marks.source} times")
    return Case(
        name=wav.name,
        marks=marks,
        truth=closed_in_time(phones, samples, rate_hz),
        samples=samples,
        rate_hz=rate_hz,
    )


def foreign_marks(words: str, pcm: bytes, rate_hz: int) -> SpeechMarks:
    """Return the marks of a foreign engine's sound, as a house with our speech server gets them."""
    end_ms = len(pcm) // 2 * 1000 // rate_hz
    try:
        found = Aligner(Pronouncer(DICTIONARY)).align(words, pcm, rate_hz)
    except NotAlignedError as err:
        print(f"    not aligned: {err}")
        runs = heard_runs(pcm, rate_hz)
        guessed: SpeechMarks = estimate_marks(words, 0, 0, end_ms, runs=runs)
        return guessed
    marks = tuple(
        Mark(phoneme=one.phoneme, start_ms=one.start_ms, end_ms=one.end_ms, char=one.char)
        for one in found
    )
    return SpeechMarks(
        text=words, offset=0, start_ms=0, end_ms=end_ms, marks=marks, source=Source.ALIGNED
    )


def our_tracks(cases: list[Case]) -> list[Track]:
    """Return what the director does with each case's timeline."""
    replies = []
    for case in cases:
        document = TimelineBuilder().segment(case.marks, ()).as_dict()
        replies.append([document | {"turn_id": "bench", "seq": 0}])
    return _followed("mouth-frames.mjs", {"replies": replies})


def heard_tracks(cases: list[Case]) -> list[Track]:
    """Return what the card does with each case's sound alone."""
    sounds = []
    for case in cases:
        pcm = np.clip(case.samples * 32768, -32768, 32767).astype("<i2").tobytes()
        sounds.append({"rate_hz": case.rate_hz, "pcm": base64.b64encode(pcm).decode()})
    return [
        replace(track, coarse=True) for track in _followed("heard-frames.mjs", {"sounds": sounds})
    ]


def _followed(program: str, question: dict[str, object]) -> list[Track]:
    """Run the card's own code."""
    answer = subprocess.run(
        ["node", f"bin/{program}"],
        cwd=LOVELACE,
        input=json.dumps({"step_ms": STEP_MS, **question}),
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        Track(shapes=one["shapes"], openness=np.array(one["openness"]))
        for one in json.loads(answer.stdout)
    ]


def vowel_spectra(cases: list[Case]) -> dict[str, Samples]:
    """Return the mean spectrum of each vowel over other sentences, for the spectral rival."""
    heard: dict[str, list[Samples]] = {name: [] for name in VOWELS}
    for case in cases:
        for phone in case.truth:
            if len(phone.shapes) != 1 or not phone.shapes <= set(VOWELS):
                continue
            middle = int((phone.start_ms + phone.end_ms) / 2000 * case.rate_hz)
            half = int(0.016 * case.rate_hz)
            part = case.samples[max(0, middle - half) : middle + half]
            if len(part) == 2 * half:
                heard[next(iter(phone.shapes))].append(cepstrum(part, case.rate_hz))
    return {name: np.mean(parts, axis=0) for name, parts in heard.items() if parts}


def show(name: str, result: Score) -> None:
    """Print one line of the table."""
    print(
        f"{name:<26} {result.right_share:>7.1%} {result.shut_share:>9.1%}"
        f" {result.onset_ms(50):>7.0f} {result.onset_ms(95):>7.0f}"
        f"   ({result.frames} frames, {result.closures} closures)"
    )


def measure(cases: list[Case], others: list[Case]) -> dict[str, float]:
    """Print the table and return the figures."""
    spectra = vowel_spectra(others)
    ours, volume, spectral, rival = Score(), Score(), Score(), Score()
    by_voice: dict[str, Score] = {}
    for case, track, heard in zip(cases, our_tracks(cases), heard_tracks(cases), strict=True):
        one = score(track, case.truth)
        ours.add(one)
        by_voice.setdefault(case.name, Score()).add(one)
        volume.add(score(volume_track(case.samples, case.rate_hz), case.truth))
        spectral.add(score(heard, case.truth))
        rival.add(score(spectral_track(case.samples, case.rate_hz, spectra), case.truth))
    print(f"{'':<26} {'frames':>7} {'closures':>9} {'p50 ms':>7} {'p95 ms':>7}")
    for name, one in by_voice.items():
        show(name, one)
    show("director", ours)
    show("volume only", volume)
    show("our ear (no timeline)", spectral)
    show("nearest vowel", rival)
    misses = sorted(ours.misses.items(), key=lambda pair: -pair[1])[:8]
    worst = ", ".join(f"{ipa or 'pause'}→{shape} {count}" for (ipa, shape), count in misses)
    print(f"most missed (sound→shape frames): {worst}")
    return {
        "frames_right_share": round(ours.right_share, 4),
        "closures_shut_share": round(ours.shut_share, 4),
        "onset_p50_ms": round(ours.onset_ms(50), 1),
        "onset_p95_ms": round(ours.onset_ms(95), 1),
        "volume_frames_right_share": round(volume.right_share, 4),
        "spectral_frames_right_share": round(spectral.right_share, 4),
        "nearest_vowel_frames_right_share": round(rival.right_share, 4),
    }


def main(words: list[str]) -> int:
    """Print the figures; the last line is JSON."""
    if len(words) % 3 and words != ["--tuning"]:
        print("usage: script/bench lipsync [WAV TEXT TRUTH.json]…", file=sys.stderr)
        return 2
    if words == ["--tuning"]:
        figures = measure(engine_cases(TUNING), engine_cases(UNSEEN[:2]))
    else:
        triples = zip(words[::3], words[1::3], words[2::3], strict=True)
        try:
            files = [file_case(Path(wav), text, Path(truth)) for wav, text, truth in triples]
        except BadRecordingError as err:
            print(f"error: {err}", file=sys.stderr)
            return 2
        figures = measure(files or engine_cases(UNSEEN), engine_cases(TUNING))
    # No onset, no figure: JSON knows no number that is none.
    told = {name: value for name, value in figures.items() if isfinite(value)}
    print(json.dumps(told))
    met = all(figures[name] >= least for name, least in TARGETS.items())
    lead = figures["spectral_frames_right_share"] - figures["volume_frames_right_share"]
    met = met and lead >= FALLBACK_LEAD
    return 0 if met and told.get("onset_p95_ms", 0.0) <= ONSET_P95_MS else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
