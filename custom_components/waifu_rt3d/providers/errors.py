"""What can go wrong with a model, told apart so that each case gets its own sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
import re


class ProviderError(Exception):
    """A model could not answer; `key` names the sentence for the user."""

    key = "provider_failed"
    retry = False
    """Trying once more may help."""


class UnavailableError(ProviderError):
    """Nobody answers there, or not in time."""

    key = "provider_unreachable"
    retry = True


class LoginError(ProviderError):
    """The key was refused."""

    key = "provider_login"


class ModelMissingError(ProviderError):
    """The server does not have this model."""

    key = "provider_unknown_model"


class PromptTooLongError(ProviderError):
    """The request does not fit into the model's context."""

    key = "provider_prompt_too_long"


class NoToolsError(ProviderError):
    """The model can't call tools."""

    key = "provider_no_tools"


class RateLimitError(ProviderError):
    """Too many requests, or no credit left."""

    key = "provider_rate_limit"


class BadResponseError(ProviderError):
    """The server answered something that makes no sense."""

    key = "provider_bad_response"


class EmptyAnswerError(BadResponseError):
    """The stream ended without a word, a call or a reason.

    llama-cpp-python answers a prompt that is too long with status 200 and an empty stream.
    """

    key = "provider_empty"


_TOO_LONG = re.compile(
    r"context.{0,30}(length|window|size|limit|exceed)|exceed.{0,40}context|too (long|many tokens)"
    r"|prompt is too long|maximum.{0,20}tokens",
    re.IGNORECASE,
)
_NO_TOOLS = re.compile(r"(not|n't) support.{0,20}(tools?|function)|tools?.{0,30}not supported"
    r"|requires? --jinja|tool choice requires", re.IGNORECASE)  # fmt: skip
_NO_MODEL = re.compile(
    r"model.{0,60}(not found|does not exist|not exist|unknown)|no such model", re.IGNORECASE
)
_NETWORK = re.compile(r"Timeout|Connect|Network|RemoteProtocol|ReadError|WriteError")


@contextmanager
def translating() -> Iterator[None]:
    """Let the errors of any SDK come out as ours; what is none of theirs passes."""
    try:
        yield
    except Exception as error:
        known = translated(error)
        if known is None or known is error:
            raise
        raise known from error


def translated(error: BaseException) -> ProviderError | None:
    """Return our error for one of an SDK, told by its status and words; `None` when it is none of theirs."""
    if isinstance(error, ProviderError):
        return error
    status = getattr(error, "status_code", None)
    message = str(error)
    if isinstance(status, int) and status > 0:
        return _of_status(status, message)
    if isinstance(error, OSError) or _NETWORK.search(type(error).__name__):
        return UnavailableError(message)
    if type(error).__module__.partition(".")[0] in {
        "openai",
        "anthropic",
        "ollama",
        "httpx",
        "httpx2",
    }:
        return _of_message(message) or BadResponseError(message)
    return BadResponseError(message) if isinstance(error, ValueError) else None


def _of_status(status: int, message: str) -> ProviderError:
    """Return the error of an HTTP status."""
    if status in {401, 403}:
        return LoginError(message)
    if status in {402, 429}:
        return RateLimitError(message)
    if status == 413:
        return PromptTooLongError(message)
    if told := _of_message(message):
        return told
    if status == 404:
        return ModelMissingError(message)
    return UnavailableError(message) if status >= 500 else BadResponseError(message)


def _of_message(message: str) -> ProviderError | None:
    """Return the error that the words of a server mean."""
    if _TOO_LONG.search(message):
        return PromptTooLongError(message)
    if _NO_TOOLS.search(message):
        return NoToolsError(message)
    return ModelMissingError(message) if _NO_MODEL.search(message) else None
