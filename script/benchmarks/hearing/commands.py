"""How well the recogniser without a download hears a home's commands, and refuses all other speech."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
import json
from multiprocessing import get_context
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
from typing import Any, Final
import wave

import numpy as np

from waifu_speech.stt.automaton import build_automaton
from waifu_speech.stt.template import parse_document
from waifu_speech.tts.resampling import at_pitch

HOME: Final = Path(__file__).with_name("home.py")
FOREIGN: Final = Path(__file__).with_name("foreign.txt")
NEAR: Final = Path(__file__).with_name("near.txt")
RATE_HZ: Final = 16000
SEED: Final = 2026
COUNT: Final = 200
NOISES_DB: Final = (20, 30)
# Each command is said by one of each engine, in turn, once in each noise.
VOICES: Final = {
    "flite": ("slt", "rms", "awb"),
    "espeak-ng": ("en-us", "en-gb", "en-us+f3", "en-us+m3", "en-gb+f2"),
}
PROCESSES: Final = 2
DRAWN_FOR_ONE: Final = 4
PIECE_BYTES: Final = 3200
TOLD_AFTER: Final = 40
TARGETS_LEAST: Final = {"commands_exact_share": 0.93}
TARGETS_MOST: Final = {"foreign_accepted_share": 0.05}


_ready: list[Any] = []  # A process's recogniser.


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A sentence in a voice and a noise."""

    text: str
    engine: str
    voice: str
    noise_db: int
    seed: int


def measure(seed: int = SEED, count: int = COUNT) -> dict[str, float]:
    """Print a table and return the shares."""
    drawn = _home(str(seed), str(count * DRAWN_FOR_ONE))
    grammar: str = drawn["grammar"]
    meant, figures = _chosen(grammar, drawn["commands"], count)
    commands = _utterances(list(meant))
    foreign = _utterances(_lines(FOREIGN))
    near = _utterances(_lines(NEAR))
    heard = _hear(grammar, commands + foreign + near, set(commands))
    figures |= _commands(commands, heard, meant)
    figures["foreign_accepted_share"] = _accepted(foreign, heard, "other speech")
    figures["near_miss_accepted_share"] = _accepted(near, heard, "names that this home has not")
    return figures


def _chosen(
    grammar: str, drawn: dict[str, Any], count: int
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the first commands that the grammar has; print and return how large it is."""
    parsed = parse_document(grammar)
    automaton = build_automaton(parsed)
    arcs = sum(map(len, automaton.steps))
    print(
        f"grammar: {len(parsed.sentences)} templates, {len(parsed.words())} words,"
        f" {len(automaton.steps)} states, {arcs} steps, {len(grammar.encode()) / 1024:.0f} KiB"
    )
    known = [text for text in drawn if automaton.accepts(text.split())]
    share = len(known) / len(drawn)
    print(
        f"{len(drawn)} sentences drawn evenly from Home Assistant's permissive templates: {share:.0%} are in"
        f" the grammar word by word; the first {count} of them are said"
    )
    return {text: drawn[text] for text in known[:count]}, {
        "grammar_templates": len(parsed.sentences),
        "grammar_words": len(parsed.words()),
        "grammar_steps": arcs,
        "covered_share": share,
    }


def _home(*arguments: str, given: str = "") -> Any:
    """Return what the home's program in the component's environment says."""
    python = Path(sys.prefix).parent / "component" / "bin" / "python"
    done = subprocess.run(
        [str(python), str(HOME), *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _lines(path: Path) -> list[str]:
    """Return the sentences of a file."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _utterances(texts: Sequence[str]) -> list[Utterance]:
    """Return each sentence in one voice of each engine, in each noise once."""
    return [
        Utterance(
            text=text,
            engine=engine,
            voice=voices[number % len(voices)],
            noise_db=NOISES_DB[(number + place) % 2],
            seed=2 * number + place,
        )
        for number, text in enumerate(texts)
        for place, (engine, voices) in enumerate(VOICES.items())
    ]


def _hear(
    grammar: str, said: Sequence[Utterance], commands: set[Utterance]
) -> dict[Utterance, str]:
    """Return what the recogniser makes of each utterance; tell on the way how it goes."""
    heard: dict[Utterance, str] = {}
    with ProcessPoolExecutor(
        PROCESSES, get_context("spawn"), initializer=_prepare, initargs=(grammar,)
    ) as pool:
        for utterance, text in zip(said, pool.map(_hear_one, said, chunksize=4), strict=True):
            heard[utterance] = text
            if len(heard) % TOLD_AFTER == 0 or len(heard) == len(said):
                done = [one for one in heard if one in commands]
                same = sum(heard[one] == one.text for one in done)
                print(
                    f"  {len(heard)} of {len(said)} heard; so far {same} of {len(done)} commands"
                    f" word by word, {sum(not heard[one] for one in done)} refused",
                    flush=True,
                )
    return heard


def _prepare(grammar: str) -> None:
    """Build a process's one recogniser."""
    from waifu_speech.stt.pronounce import Pronouncer  # noqa: PLC0415 - loads Sphinx, here alone
    from waifu_speech.stt.recognizer import Recognizer, open_free_phones  # noqa: PLC0415 - as above
    from waifu_speech.stt.sphinx import DICTIONARY  # noqa: PLC0415 - as above

    parsed = parse_document(grammar)
    spelling = {word.casefold(): word for word in sorted(parsed.words())}
    _ready.append(
        Recognizer(build_automaton(parsed), spelling, Pronouncer(DICTIONARY), open_free_phones())
    )


def _hear_one(utterance: Utterance) -> str:
    """Return what the recogniser makes of an utterance, nothing where it refuses."""
    (recognizer,) = _ready
    pcm = in_a_room(spoken(utterance), utterance)
    recognizer.start()
    for at in range(0, len(pcm), PIECE_BYTES):
        recognizer.add(pcm[at : at + PIECE_BYTES])
    found = recognizer.finish()
    return found.text.casefold() if found.in_grammar else ""


def spoken(utterance: Utterance) -> np.ndarray:
    """Return the voice alone, 16 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "said.wav")
        command = {
            "flite": ["flite", "-voice", utterance.voice, "-t", utterance.text, "-o", path],
            "espeak-ng": ["espeak-ng", "-v", utterance.voice, "-w", path, utterance.text],
        }[utterance.engine]
        if shutil.which(command[0]) is None:
            raise OSError(f"{command[0]} is not installed: sudo apt install {command[0]}")
        subprocess.run(command, check=True, capture_output=True)
        with wave.open(path) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)
            return at_pitch(sound, file.getframerate() / RATE_HZ)


def in_a_room(sound: np.ndarray, utterance: Utterance) -> bytes:
    """Return the voice in white noise, so many decibels beneath its loud parts, with room around it."""
    level = np.sqrt(np.mean(sound[np.abs(sound) > 200] ** 2))
    sound = np.concatenate([np.zeros(4800), sound, np.zeros(6400)])
    chance = np.random.default_rng(utterance.seed)
    hiss = chance.normal(0, level / 10 ** (utterance.noise_db / 20), len(sound))
    return np.clip(sound + hiss, -32768, 32767).astype(np.int16).tobytes()


def _commands(
    said: Sequence[Utterance], heard: dict[Utterance, str], meant: dict[str, Any]
) -> dict[str, float]:
    """Print and return how many commands do exactly what was asked, by engine and noise."""
    texts = sorted({heard[one] for one in said})
    understood = dict(zip(texts, _home("understand", given=json.dumps(texts)), strict=True))
    rows: dict[str, Counter[str]] = {}
    for one in said:
        text = heard[one]
        verdict = (
            "refused" if not text else "exact" if understood[text] == meant[one.text] else "wrong"
        )
        for row in (f"{one.engine} {one.noise_db} dB", one.engine, "all"):
            rows.setdefault(row, Counter()).update([verdict, "said"])
            rows[row]["verbatim"] += text == one.text
    print(f"{'commands':<20} {'said':>6} {'exact':>8} {'verbatim':>10} {'refused':>9} {'wrong':>7}")
    shares = {}
    for row, counts in sorted(rows.items()):
        shares[row] = {name: counts[name] / counts["said"] for name in counts}
        print(
            f"  {row:<18} {counts['said']:>6} {shares[row].get('exact', 0):>8.1%}"
            f" {shares[row].get('verbatim', 0):>10.1%} {shares[row].get('refused', 0):>9.1%}"
            f" {shares[row].get('wrong', 0):>7.1%}"
        )
    return {
        "commands_exact_share": shares["all"].get("exact", 0.0),
        "commands_verbatim_share": shares["all"].get("verbatim", 0.0),
        "commands_wrong_share": shares["all"].get("wrong", 0.0),
        "commands_flite_share": shares["flite"].get("exact", 0.0),
        "commands_espeak_share": shares["espeak-ng"].get("exact", 0.0),
    }


def _accepted(said: Sequence[Utterance], heard: dict[Utterance, str], what: str) -> float:
    """Print and return how many sentences were taken for commands."""
    taken = [(one, heard[one]) for one in said if heard[one]]
    print(f"{what}: {len(taken)} of {len(said)} accepted")
    for one, text in taken[:6]:
        print(f"    “{one.text}” ({one.voice}, {one.noise_db} dB) as “{text}”")
    return len(taken) / max(1, len(said))
