"""Measure spoken turns from wake word to moving mouth: `script/bench turn [TURNS]`.

A real Home Assistant with the demo home, the speech server with espeak-ng and a satellite whose
microphone is a WAV file; the same command is said again and again. Each figure is the middle of the
turns.
`speech_end_to_text_ms` begins when the satellite has ended the listening, `text_to_first_audio_ms`
ends when the first sample is at the loudspeaker, and `first_audio_to_viseme_ms` is the first shape
of the mouth minus the first audible 10 ms of the sound, on the reply's own audio.
`last_delta_to_socket_ms` is from the reply's last words to its first sound on the way to the
satellite.

With a model that reads 200 tokens a second, and half a second of silence before the words are final:
`unprepared_first_word_ms` from there to the answer's first words, and `prepared_first_word_ms` where
the pause was used.

Then commands are typed: `text_to_pcm_ms` is from the first words given to our voice to the first
sound out of it. Last a reply of three sentences is written in two seconds:
`sound_before_second_sentence_ms` is how long before the end of its second sentence it sounds.

Then, in a second Home Assistant in the bench's own process with an instant model, ears and voice:
`provider_overhead_ms` from the model server's first byte to the first words in the chat log,
`cancel_ms` from stopping a turn until the server sees it, `speech_end_to_audio_ms` from the end of
the microphone's sound to the first byte of the reply's, and `core_ratio`, the middle of request sent
to first words, ours divided by that of core's own integration in turns between ours.
"""

import asyncio
from contextlib import AsyncExitStack
import json
from pathlib import Path
import re
import statistics
import sys
import tempfile
import time

from demo_run.home import start_home
from demo_run.house_client import House
from demo_run.places import SATELLITE_PYTHON, DemoError
from demo_run.recorder import Recorder, Turn
from demo_run.sound import fit
from demo_run.speech_program import state_folder
from demo_run.turns import TALK, play_without_card, speak_turn

from benchmarks.thinking.turns import measure as measure_thinking

TURNS = 5
TURN_TIMEOUT_S = 60
KEYS = {
    "wake_to_listening_ms": ("wake", "start"),
    "speech_end_to_text_ms": ("speech_end", "heard"),
    "text_to_first_audio_ms": ("heard", "first_audio"),
    "last_delta_to_socket_ms": ("text_done", "sent"),
}
VOICE = "espeak:en-us"
COMMAND = "Turn on the kitchen light"
COMMANDS = 20
TALKS = 5
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")

type Figures = dict[str, float]


async def measure(count: int, folder: Path) -> tuple[list[Figures], Figures]:
    """Speak so many turns and return the figures of each, and those of typed ones."""
    async with AsyncExitStack() as parts:
        home = await start_home(parts, folder, lambda text: print(text, flush=True), voice=VOICE)
        house = home.running.house
        recorder = await Recorder.of(house)
        first = await speak_turn(parts, house, recorder, None, folder)
        found = [_figures(first.turn, first.reply)]
        _tell(1, found[-1])
        for number in range(2, count + 1):
            spoken = await _again(recorder, folder)
            found.append(_figures(spoken, _newest(folder / "replies")))
            _tell(number, found[-1])
        return found, await _typed(house, recorder)


async def _typed(house: House, recorder: Recorder) -> Figures:
    """Type commands and talk, and return how soon both are heard."""
    asked = [await _type(house, recorder, COMMAND) for _ in range(COMMANDS)]
    talks = [await _type(house, recorder, TALK) for _ in range(TALKS)]
    early = []
    for turn in talks:
        second = list(_SENTENCE_END.finditer(turn.speech))[1].end()
        early.append((turn.written_ms(second) or 0.0) - turn.times["voice"])
    figures = {
        "text_to_pcm_ms": statistics.median(_between(turn, "to_voice", "voice") for turn in asked),
        "sound_before_second_sentence_ms": statistics.median(early),
    }
    print(f"{COMMANDS} typed commands, {TALKS} talks: {figures}")
    return {name: round(value, 1) for name, value in figures.items()}


async def _type(house: House, recorder: Recorder, text: str) -> Turn:
    """Type something and return the turn when its sound has ended."""
    after_ms = time.time() * 1000
    await play_without_card(house, recorder, text)
    return await recorder.finished(origin="card", after_ms=after_ms, timeout_s=TURN_TIMEOUT_S)


def _between(turn: Turn, earlier: str, later: str) -> float:
    """Return the time from one stage to another."""
    between_ms = turn.between_ms(earlier, later)
    if between_ms is None:
        raise DemoError(f"The turn ({turn.transcript or 'nothing heard'}) has no {later}.")
    return between_ms


async def _again(recorder: Recorder, folder: Path) -> Turn:
    """Say the same into the satellite's microphone once more."""
    after_ms = time.time() * 1000
    process = await asyncio.create_subprocess_exec(
        *(SATELLITE_PYTHON, "-m", "waifu_satellite", "ctl", "say", str(folder / "microphone.wav")),
        *("--state-dir", str(state_folder(folder, "Kitchen"))),
        stdout=asyncio.subprocess.DEVNULL,
    )
    turn = await recorder.finished(origin="satellite", after_ms=after_ms, timeout_s=TURN_TIMEOUT_S)
    if await process.wait():
        raise DemoError("The satellite's microphone did not take the sound.")
    return turn


def _newest(replies: Path) -> Path:
    """Return the sound of the newest reply."""
    return max(replies.glob("*.wav"))


def _figures(turn: Turn, reply: Path) -> Figures:
    """Return the figures of one turn."""
    figures: Figures = {}
    for key, stages in KEYS.items():
        figures[key] = _between(turn, *stages)
    mouth = fit(reply, turn.timeline)
    if mouth is None:
        raise DemoError("The reply had no sound.")
    figures["first_audio_to_viseme_ms"] = mouth.start_error_ms
    return figures


def _tell(number: int, figures: Figures) -> None:
    """Print the figures of one turn."""
    print(f"turn {number}: " + ", ".join(f"{key} {ms:.1f}" for key, ms in figures.items()))


def main(words: list[str]) -> int:
    """Measure and print; the last line is JSON."""
    count = int(words[0]) if words else TURNS
    try:
        with tempfile.TemporaryDirectory(prefix="waifu-rt3d-bench-") as folder:
            thinking = asyncio.run(measure_thinking(Path(folder)))
            found, typed = asyncio.run(measure(count, Path(folder)))
    except DemoError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    middle = {key: round(statistics.median(one[key] for one in found), 1) for key in found[0]}
    middle |= typed | thinking
    for key, ms in middle.items():
        print(f"{key:<28} {ms:>9.2f}")
    print(json.dumps(middle))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
