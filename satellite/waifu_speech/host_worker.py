"""Run one model in a process of its own for many clients: `python -m waifu_speech.host_worker ENGINE PATH`.

Piper and Whisper leave Python's lock while they compute, so one process with a thread for each
client keeps the model in memory once, and nobody waits for another one's sentence. A process gives
all its memory back when the model is unloaded. Frames go over stdin and stdout as in `worker`; each
carries the number of its channel as `channel`.
"""

from collections.abc import Callable
import importlib
import logging
from pathlib import Path
import queue
import signal
import sys
import threading
from typing import BinaryIO, Final, Protocol

from wyoming.event import Event, read_event, write_event

from .errors import SpeechError
from .worker import error_event, private_stdout

LOGGER = logging.getLogger(__name__)

MODELS: Final = {
    "piper": ("waifu_speech.tts.piper", "PiperModel"),
    "faster-whisper": ("waifu_speech.stt.whisper", "WhisperModel"),
}


class Outbox(Protocol):
    """Where a channel's answers go."""

    def __call__(self, event: Event) -> None:
        """Send one answer."""


class Inbox:
    """What one client sends to the model."""

    def __init__(self) -> None:
        """Start empty and open."""
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.closed = threading.Event()
        self.on_close: Callable[[], None] | None = None
        """What stops a computation that is under way; called from another thread."""

    def put(self, event: Event) -> None:
        """Take one event; any thread may."""
        self._events.put(event)

    def close(self) -> None:
        """Tell that the client is gone."""
        self.closed.set()
        self._events.put(None)
        if (stop := self.on_close) is not None:
            stop()

    def get(self) -> Event | None:
        """Wait for the next event; None is the end of the channel."""
        event = self._events.get()
        return None if self.closed.is_set() else event


class Model(Protocol):
    """A loaded model that many threads may use at once."""

    def serve(self, inbox: Inbox, send: Outbox) -> None:
        """Answer one client's events until its inbox is closed."""


class Host:
    """The channels of one loaded model."""

    def __init__(self, model: Model, out: BinaryIO) -> None:
        """Take the model and where all answers go."""
        self._model = model
        self._out = out
        self._writing = threading.Lock()
        self._inboxes: dict[int, Inbox] = {}

    def take(self, event: Event) -> None:
        """Give an event to its channel, which begins with its first one."""
        number = int(event.data["channel"])
        if event.type == "close":
            if (inbox := self._inboxes.pop(number, None)) is not None:
                inbox.close()
            return
        if number not in self._inboxes:
            self._inboxes[number] = self._open(number)
        self._inboxes[number].put(event)

    def _open(self, number: int) -> Inbox:
        """Start a thread for a new channel."""
        inbox = Inbox()

        def send(event: Event) -> None:
            event.data["channel"] = number
            with self._writing:
                write_event(event, self._out)

        threading.Thread(
            target=self._serve, args=(inbox, send), name=f"channel {number}", daemon=True
        ).start()
        return inbox

    def _serve(self, inbox: Inbox, send: Outbox) -> None:
        """Run a channel; an error ends it with a sentence."""
        try:
            self._model.serve(inbox, send)
        except SpeechError as err:
            send(error_event(err))
        except OSError:
            return
        except Exception:
            LOGGER.exception("The model failed")
            send(error_event(SpeechError("The speech engine failed on this request")))


def main() -> None:
    """Load the model and serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = private_stdout()
    module, name = MODELS[sys.argv[1]]
    try:
        model: Model = getattr(importlib.import_module(module), name)(Path(sys.argv[2]))
    except SpeechError as err:
        write_event(error_event(err), out)
        return
    write_event(Event("ready"), out)
    host = Host(model, out)
    while (event := read_event(sys.stdin.buffer)) is not None:
        host.take(event)


if __name__ == "__main__":
    main()
