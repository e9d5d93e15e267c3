"""Set up the companion, speech servers and satellites."""

from collections.abc import Mapping
from typing import Any, override
from urllib.parse import urlsplit

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_API_KEY, CONF_HOST, CONF_PORT, CONF_URL
from homeassistant.core import callback
from homeassistant.helpers.service_info.hassio import HassioServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import probatio as vol

from .cast.character import DEFAULT_CHARACTER_ID
from .const import (
    CONF_AREA,
    CONF_KIND,
    CONF_PAIRING_KEY,
    CONF_PROVIDER,
    DOMAIN,
    KIND_COMPANION,
    KIND_SATELLITE,
    KIND_SPEECH,
    KIND_SPEECH_API,
    SUBENTRY_CHARACTER,
    SUBENTRY_PROVIDER,
)
from .flows.character import CharacterFlow
from .flows.character_form import character_data, character_schema, character_title
from .flows.companion_options import CompanionOptionsFlow
from .flows.probe import address_schema, async_probe, key_field, reconfigure_schema
from .flows.provider import KEY_FIELD, ProviderFlow, async_refusal
from .flows.room_options import RoomOptionsFlow
from .flows.speech_api import Tried, async_try_speech_api, speech_api_schema
from .flows.speech_options import SpeechOptionsFlow
from .voice.service import ServerInfo


class WaifuConfigFlow(ConfigFlow, domain=DOMAIN):
    """One companion, and any number of speech servers and satellites."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing found."""
        self._found: dict[str, Any] = {}
        self._tried = Tried()
        self._provider = ""

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return that the companion has characters and language models."""
        if config_entry.data[CONF_KIND] == KIND_COMPANION:
            return {SUBENTRY_CHARACTER: CharacterFlow, SUBENTRY_PROVIDER: ProviderFlow}
        return {}

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: ConfigEntry) -> bool:
        """Return that the companion, satellites and speech servers have options."""
        return config_entry.data[CONF_KIND] in {KIND_COMPANION, KIND_SATELLITE, KIND_SPEECH}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return how the options of the companion or of a room are changed."""
        if config_entry.data[CONF_KIND] == KIND_SATELLITE:
            return RoomOptionsFlow()
        if config_entry.data[CONF_KIND] == KIND_SPEECH:
            return SpeechOptionsFlow()
        return CompanionOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what to set up."""
        kinds = [KIND_SPEECH, KIND_SPEECH_API, KIND_SATELLITE]
        if not self._companion_exists():
            kinds.insert(0, KIND_COMPANION)
        return self.async_show_menu(step_id="user", menu_options=kinds)

    async def async_step_companion(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Make the companion and its first character."""
        await self.async_set_unique_id(KIND_COMPANION)
        self._abort_if_unique_id_configured()
        if user_input is None:
            return self.async_show_form(
                step_id="companion", data_schema=character_schema(self.hass, {})
            )
        return self.async_create_entry(
            title="Companion",
            data={CONF_KIND: KIND_COMPANION},
            subentries=[
                {
                    "subentry_type": SUBENTRY_CHARACTER,
                    "title": character_title(self.hass, user_input),
                    "unique_id": DEFAULT_CHARACTER_ID,
                    "data": character_data(user_input),
                }
            ],
        )

    async def async_step_speech(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address of a speech server."""
        return await self._async_step_address(KIND_SPEECH, user_input)

    async def async_step_speech_api(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a server with OpenAI's audio endpoints until it speaks or listens."""
        return await self._async_ask_api(KIND_SPEECH_API, user_input, {})

    async def async_step_speech_api_tried(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what it understood of its own words, and keep it."""
        if user_input is not None:
            return await self._async_keep_api()
        return self.async_show_form(
            step_id="speech_api_tried",
            data_schema=vol.Schema({}),
            description_placeholders={
                "heard": self._tried.heard,
                "seconds": f"{self._tried.seconds:.1f}",
            },
        )

    async def async_step_satellite(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of a satellite."""
        return await self._async_step_address(KIND_SATELLITE, user_input)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take a server or satellite that announced itself; a known one may have moved."""
        properties = discovery_info.properties
        kind, server_id = properties.get("role"), properties.get("id")
        if kind not in (KIND_SPEECH, KIND_SATELLITE) or not server_id:
            return self.async_abort(reason="not_ours")
        await self.async_set_unique_id(server_id)
        address = {CONF_HOST: discovery_info.host, CONF_PORT: discovery_info.port}
        self._abort_if_unique_id_configured(updates=address)
        name = properties.get("name") or discovery_info.name.partition(".")[0]
        self._found = {CONF_KIND: kind, "secure": properties.get("secure") != "0", **address}
        self.context["title_placeholders"] = {"name": name}
        return await self.async_step_discovered()

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take the speech server that runs as an app beside Home Assistant; it brings its key."""
        config = discovery_info.config
        await self.async_set_unique_id(str(config["id"]))
        address = {key: config[key] for key in (CONF_HOST, CONF_PORT, CONF_PAIRING_KEY)}
        self._abort_if_unique_id_configured(updates=address)
        self._found = {CONF_KIND: KIND_SPEECH, **address}
        self.context["title_placeholders"] = {"name": discovery_info.name}
        return await self.async_step_app()

    async def async_step_app(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether the app that was found is to speak and listen."""
        errors: dict[str, str] = {}
        if user_input is not None:
            probed = await async_probe(KIND_SPEECH, self._found)
            if probed.info is not None:
                return await self._async_accept(KIND_SPEECH, self._found, probed.info)
            errors = {"base": next(iter((probed.errors or {}).values()))}
        return self.async_show_form(
            step_id="app",
            data_schema=vol.Schema({}),
            description_placeholders=self.context.get("title_placeholders"),
            errors=errors,
        )

    async def async_step_discovered(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the pairing key of what was found."""
        kind = self._found[CONF_KIND]
        errors: dict[str, str] = {}
        if user_input is not None:
            address = {**user_input, **{k: self._found[k] for k in (CONF_HOST, CONF_PORT)}}
            probed = await async_probe(kind, address)
            if probed.info is not None:
                return await self._async_accept(kind, address, probed.info)
            errors = probed.errors or {}
        return self.async_show_form(
            step_id="discovered",
            data_schema=vol.Schema(key_field() if self._found["secure"] else {}),
            description_placeholders=self.context.get("title_placeholders"),
            errors=errors,
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask again: the key is not taken any more."""
        if self._get_reauth_entry().data[CONF_KIND] == KIND_COMPANION:
            self._provider = str(entry_data.get(CONF_PROVIDER) or "")
            return await self.async_step_model_key()
        return await self.async_step_reconfigure()

    async def async_step_model_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new key of a language model; nothing else of the companion is touched."""
        entry = self._get_reauth_entry()
        subentry = entry.subentries.get(self._provider)
        if subentry is None:
            return self.async_abort(reason="nothing_to_change")
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**subentry.data, CONF_API_KEY: user_input[CONF_API_KEY].strip()}
            errors = await async_refusal(self.hass, data)
            if not errors:
                self.hass.config_entries.async_update_subentry(entry, subentry, data=data)
                return self.async_abort(reason="reauth_successful")
        return self.async_show_form(
            step_id="model_key",
            data_schema=vol.Schema({vol.Required(CONF_API_KEY): KEY_FIELD}),
            description_placeholders={"model": subentry.title},
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change address or key of a server or satellite."""
        entry = self._entry_to_change()
        kind = entry.data[CONF_KIND]
        if kind == KIND_COMPANION:
            return self.async_abort(reason="nothing_to_change")
        if kind == KIND_SPEECH_API:
            return await self.async_step_reconfigure_api()
        errors: dict[str, str] = {}
        if user_input is not None:
            probed = await async_probe(kind, user_input)
            if probed.info is not None:
                await self.async_set_unique_id(_unique_id(probed.info, user_input))
                self._abort_if_unique_id_mismatch(reason="another_device")
                return self.async_update_reload_and_abort(
                    entry, data={CONF_KIND: kind, **user_input}
                )
            errors = probed.errors or {}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=reconfigure_schema(kind, dict(user_input or entry.data)),
            errors=errors,
        )

    async def async_step_reconfigure_api(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change a server with OpenAI's audio endpoints."""
        known = self._entry_to_change().data
        return await self._async_ask_api("reconfigure_api", user_input, known)

    def _entry_to_change(self) -> ConfigEntry:
        """Return the entry that this flow is about."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry()

    async def _async_ask_api(
        self, step_id: str, user_input: dict[str, Any] | None, known: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask, try, and show what came of it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._found = {CONF_KIND: KIND_SPEECH_API, **user_input}
            self._tried = await async_try_speech_api(self.hass, self._found)
            if not self._tried.errors:
                return await self.async_step_speech_api_tried()
            errors = dict(self._tried.errors)
        return self.async_show_form(
            step_id=step_id,
            data_schema=speech_api_schema(self.hass, user_input or known),
            errors=errors,
        )

    async def _async_keep_api(self) -> ConfigFlowResult:
        """Make or change the entry of a server that was tried."""
        url = self._found[CONF_URL]
        await self.async_set_unique_id(url)
        if self.source in (SOURCE_RECONFIGURE, SOURCE_REAUTH):
            return self.async_update_reload_and_abort(
                self._entry_to_change(), unique_id=url, data=self._found
            )
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=urlsplit(url).hostname or url, data=self._found)

    async def _async_step_address(
        self, kind: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for an address until what answers there is what we want."""
        errors: dict[str, str] = {}
        if user_input is not None:
            probed = await async_probe(kind, user_input)
            if probed.info is not None:
                return await self._async_accept(kind, user_input, probed.info)
            errors = probed.errors or {}
        return self.async_show_form(
            step_id=kind, data_schema=address_schema(kind, user_input or {}), errors=errors
        )

    async def _async_accept(
        self, kind: str, address: dict[str, Any], info: ServerInfo
    ) -> ConfigFlowResult:
        """Make the entry of a server or satellite that answered."""
        await self.async_set_unique_id(_unique_id(info, address), raise_on_progress=False)
        self._abort_if_unique_id_configured(
            updates={key: address[key] for key in (CONF_HOST, CONF_PORT)}
        )
        data = {
            CONF_KIND: kind,
            CONF_HOST: address[CONF_HOST],
            CONF_PORT: address[CONF_PORT],
            CONF_PAIRING_KEY: (address.get(CONF_PAIRING_KEY) or "").strip() or None,
        }
        if info.area:
            data[CONF_AREA] = info.area
        return self.async_create_entry(title=info.name, data=data)

    def _companion_exists(self) -> bool:
        """Return whether the one companion is there."""
        return any(
            entry.data.get(CONF_KIND) == KIND_COMPANION
            for entry in self._async_current_entries(include_ignore=False)
        )


def _unique_id(info: ServerInfo, address: Mapping[str, Any]) -> str:
    """Return the server's own id, or its address where it has none."""
    return info.id or f"{address[CONF_HOST]}:{address[CONF_PORT]}"
