"""What can go wrong in the speech server, each told in one sentence."""


class SpeechError(Exception):
    """A request can't be fulfilled; the message is for the person who asked."""


class EngineMissingError(SpeechError):
    """An engine is not installed; the message says how to install it."""


class UnknownVoiceError(SpeechError):
    """There is no voice or model of that name."""


class EngineDiedError(SpeechError):
    """An engine's process ended while it worked."""
