"""Open the owner's speech servers that speak OpenAI's protocol."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.httpx_client import get_async_client

from ..const import CONF_LANGUAGES, CONF_LISTEN_MODEL, CONF_SPEAK_MODEL, CONF_VOICE
from ..minds.model_servers import OPENAI_SDK, async_install
from ..providers.openai_compatible import make_client
from ..voice.api_speech import ApiSettings, ApiSpeech


async def async_open_api(hass: HomeAssistant, data: Mapping[str, Any]) -> ApiSpeech:
    """Return the server of an entry; raises ProviderError where the SDK can't be installed."""
    await async_install(hass, OPENAI_SDK)
    url = str(data[CONF_URL])
    base = url if url.endswith("/v1") else f"{url}/v1"
    make = partial(
        make_client,
        url=base,
        key=str(data.get(CONF_API_KEY) or ""),
        http_client=get_async_client(hass),
    )
    client = await hass.async_add_import_executor_job(make)
    return ApiSpeech.of(client, settings_of(data))


def settings_of(data: Mapping[str, Any]) -> ApiSettings:
    """Read what the owner entered."""
    return ApiSettings(
        url=str(data[CONF_URL]),
        languages=tuple(data[CONF_LANGUAGES]),
        speak_model=str(data.get(CONF_SPEAK_MODEL) or ""),
        voice=str(data.get(CONF_VOICE) or ""),
        listen_model=str(data.get(CONF_LISTEN_MODEL) or ""),
    )
