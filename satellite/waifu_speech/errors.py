"""What can go wrong in the speech server, each told in one sentence."""

from wyoming.event import Event


class SpeechError(Exception):
    """A request can't be fulfilled; the message is for the person who asked."""


class EngineMissingError(SpeechError):
    """An engine is not installed; the message says how to install it."""


class UnknownVoiceError(SpeechError):
    """There is no voice or model of that name."""


class EngineDiedError(SpeechError):
    """An engine's process ended while it worked."""


class ModelBrokenError(SpeechError):
    """A model's files can't be read."""


class NotAlignedError(SpeechError):
    """A text can't be found in a sound."""


def raise_error(event: Event) -> Event:
    """Return an answer of a worker; raise the error that it carries."""
    if event.type == "error":
        # Classes of an engine's own module reach us as their common base.
        error = globals().get(event.data["class"], SpeechError)
        raise error(event.data["text"])
    return event
