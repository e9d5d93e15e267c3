"""Run one engine in a process of its own: `python -m waifu_speech.worker ENGINE`.

The C libraries have global state or hold Python's lock while they work; a process can be killed in
the middle of a sentence, and a crash ends one sentence instead of the server. Parent and worker
speak Wyoming frames over stdin and stdout.
"""

import importlib
import os
import signal
import sys
from typing import BinaryIO, Final, Protocol

from wyoming.event import Event, read_event, write_event

from waifu_wire.frames import MAX_PAYLOAD_BYTES

from .errors import SpeechError

# Modules are named, not imported: a worker loads only its own engine.
ENGINES: Final = {
    "espeak": ("waifu_speech.tts.jobs", "EspeakJobs"),
    "flite": ("waifu_speech.tts.jobs", "FliteJobs"),
    "pocketsphinx": ("waifu_speech.stt.jobs", "PocketsphinxJobs"),
    "wake": ("waifu_speech.wake_jobs", "WakeJobs"),
}


class Jobs(Protocol):
    """What a worker can do, one event after the other."""

    def handle(self, event: Event) -> list[Event]:
        """Return the answers to one event."""
        ...


def main() -> None:
    """Serve events until stdin ends."""
    # Ctrl-C reaches the whole terminal group; the parent decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = private_stdout()
    module, name = ENGINES[sys.argv[1]]
    try:
        jobs: Jobs = getattr(importlib.import_module(module), name)()
    except SpeechError as err:
        write_event(error_event(err), out)
        return
    write_event(Event("ready"), out)
    while (event := read_event(sys.stdin.buffer)) is not None:
        for answer in _answers(jobs, event):
            write_event(answer, out)


def _answers(jobs: Jobs, event: Event) -> list[Event]:
    """Return the answers to one event, an error instead of an exception of ours."""
    try:
        return jobs.handle(event)
    except SpeechError as err:
        return [error_event(err)]


def error_event(err: SpeechError) -> Event:
    """Return an error as an event that keeps its class."""
    return Event("error", {"class": type(err).__name__, "text": str(err)})


def private_stdout() -> BinaryIO:
    """Return stdout for frames alone; what a library prints goes to stderr."""
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return frames


def split_payload(raw: bytes) -> list[bytes]:
    """Return bytes in pieces that fit into frames."""
    step = MAX_PAYLOAD_BYTES
    return [raw[at : at + step] for at in range(0, len(raw), step)]


if __name__ == "__main__":
    main()
