"""The form of a speech server with OpenAI's audio endpoints; it is tried before it is kept."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import Any

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.generated.languages import LANGUAGES
from homeassistant.helpers import selector
import probatio as vol

from ..const import CONF_LANGUAGES, CONF_LISTEN_MODEL, CONF_SPEAK_MODEL, CONF_VOICE
from ..preflight.speech import for_microphone
from ..providers.errors import ProviderError, translated
from ..speech.api_servers import async_open_api
from ..voice.api_speech import ApiSpeech
from ..voice.connection import UnreachableError, WireError
from ..voice.wav import AudioFormat
from .provider import full_url

PHRASE = "One, two, three. The kettle is on."
_PASSWORD = selector.TextSelector(
    selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD, autocomplete="off")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of the trial, or the translation key of why it was refused."""

    heard: str = "–"
    seconds: float = 0.0
    errors: Mapping[str, str] | None = None


def speech_api_schema(hass: HomeAssistant, defaults: Mapping[str, Any]) -> vol.Schema:
    """Return the form: where it is, what speaks, what listens."""

    def suggested(key: str, fallback: Any = None) -> dict[str, Any]:
        return {"suggested_value": defaults.get(key, fallback)}

    text = selector.TextSelector()
    languages = selector.SelectSelector(
        selector.SelectSelectorConfig(
            options=sorted(LANGUAGES),
            multiple=True,
            custom_value=True,
            mode=selector.SelectSelectorMode.DROPDOWN,
        )
    )
    return vol.Schema(
        {
            vol.Required(CONF_URL, default=defaults.get(CONF_URL, vol.UNDEFINED)): text,
            vol.Optional(CONF_API_KEY, description=suggested(CONF_API_KEY)): _PASSWORD,
            vol.Optional(CONF_SPEAK_MODEL, description=suggested(CONF_SPEAK_MODEL)): text,
            vol.Optional(CONF_VOICE, description=suggested(CONF_VOICE)): text,
            vol.Optional(CONF_LISTEN_MODEL, description=suggested(CONF_LISTEN_MODEL)): text,
            vol.Required(
                CONF_LANGUAGES, default=defaults.get(CONF_LANGUAGES, [hass.config.language])
            ): languages,
        }
    )


async def async_try_speech_api(hass: HomeAssistant, data: dict[str, Any]) -> Tried:
    """Let it speak a phrase and hear it, as far as it has a voice and ears."""
    url = full_url(data[CONF_URL])
    if url is None:
        return Tried(errors={CONF_URL: "bad_address"})
    if not data.get(CONF_SPEAK_MODEL) and not data.get(CONF_LISTEN_MODEL):
        return Tried(errors={"base": "no_speech_model"})
    if not data[CONF_LANGUAGES]:
        return Tried(errors={CONF_LANGUAGES: "no_language"})
    data[CONF_URL] = url
    began_s = monotonic()
    try:
        heard = await _try(hass, await async_open_api(hass, data), data[CONF_LANGUAGES][0])
    except UnreachableError:
        return Tried(errors={CONF_URL: "unreachable"})
    except (WireError, ProviderError) as err:
        known = err if isinstance(err, ProviderError) else err.__cause__
        return Tried(errors={"base": _reason(known)})
    return Tried(heard=heard or "–", seconds=monotonic() - began_s)


async def _try(hass: HomeAssistant, server: ApiSpeech, language: str) -> str:
    """Return what the server heard of its own words, or of silence where it has no voice."""
    pcm, audio = b"", AudioFormat(rate_hz=16000, width=2, channels=1)
    if server.info.voices:
        async with aclosing(server.speak(_text(), language=language, voice=None)) as spoken:
            async for item in spoken:
                if isinstance(item, AudioFormat):
                    audio = item
                elif isinstance(item, bytes):
                    pcm += item
        if not pcm:
            raise WireError(f"{server.host} made no sound")
    if not server.info.listen_languages:
        return ""
    sound = await hass.async_add_executor_job(for_microphone, pcm or bytes(32000), audio)
    async with aclosing(server.listen(_sound(sound), language=language, grammar=None)) as heard:
        return "".join([part.text async for part in heard if part.final])


async def _text() -> AsyncGenerator[str]:
    """Yield the phrase."""
    yield PHRASE


async def _sound(pcm: bytes) -> AsyncGenerator[bytes]:
    """Yield the sound."""
    yield pcm


def _reason(error: BaseException | None) -> str:
    """Return the sentence for what the server said."""
    known = translated(error) if error is not None else None
    return known.key if known is not None else "not_speech_api"
