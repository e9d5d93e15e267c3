"""Add and change a language model of the owner's (a subentry of the companion)."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import selector
import probatio as vol

from ..const import (
    CONF_CONTEXT_TOKENS,
    CONF_EMBEDDING_MODEL,
    CONF_MEASURED,
    CONF_SERVER_KIND,
    CONF_TOOLS,
    DOMAIN,
)
from ..minds.model_servers import Address
from ..providers.catalog import KINDS
from .find_servers import async_find_servers
from .try_model import Measured, ProviderError, Tried, async_measure, async_models, async_try

LABELS = {kind.name: kind.label for kind in KINDS.values()}
_FOUND = "@"
_LONGEST_URL = 2000
"""Between kind and address in a choice that was found."""
KEY_FIELD = selector.TextSelector(
    selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD, autocomplete="off")
)
_TOKENS = vol.All(
    selector.NumberSelector(
        selector.NumberSelectorConfig(
            min=1024, max=1_000_000, step=1, mode=selector.NumberSelectorMode.BOX
        )
    ),
    vol.Coerce(int),
)


class ProviderFlow(ConfigSubentryFlow):
    """Kind, address, model; then it is tried, and its answer is shown."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._data: dict[str, Any] = {}
        self._models: list[str] = []
        self._tried: Tried | None = None
        self._measured: Measured | None = None
        self._measuring: asyncio.Task[dict[str, str]] | None = None
        self._refused: dict[str, str] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what kind of server it is."""
        if user_input is not None:
            kind, _, url = user_input[CONF_SERVER_KIND].partition(_FOUND)
            self._data = {CONF_SERVER_KIND: kind, **({CONF_URL: url} if url else {})}
            return await self.async_step_server()
        found = [
            selector.SelectOptionDict(value=f"{one.kind}{_FOUND}{one.url}", label=one.label)
            for one in await async_find_servers(self.hass)
        ]
        options = found + [
            selector.SelectOptionDict(value=k, label=label) for k, label in LABELS.items()
        ]
        kinds = selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=options, mode=selector.SelectSelectorMode.DROPDOWN
            )
        )
        return self.async_show_form(
            step_id="user",
            data_schema=vol.Schema(
                {
                    vol.Required(
                        CONF_SERVER_KIND, default=found[0]["value"] if found else vol.UNDEFINED
                    ): kinds
                }
            ),
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for changes of the address, then of the model."""
        self._data = dict(self._get_reconfigure_subentry().data)
        return await self.async_step_server()

    async def async_step_server(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask where it is until it answers."""
        errors: dict[str, str] = {}
        if user_input is not None:
            url = full_url(user_input[CONF_URL])
            key = (user_input.get(CONF_API_KEY) or "").strip()
            self._data |= {CONF_URL: url or user_input[CONF_URL], CONF_API_KEY: key}
            errors = {CONF_URL: "bad_address"} if url is None else await self._list_models()
            if not errors:
                return await self.async_step_model()
        kind = self._data[CONF_SERVER_KIND]
        url = self._data.get(CONF_URL) or KINDS[kind].usual_url
        schema = {
            vol.Required(CONF_URL, default=url): selector.TextSelector(),
            vol.Optional(
                CONF_API_KEY, description={"suggested_value": self._data.get(CONF_API_KEY)}
            ): KEY_FIELD,
        }
        return self.async_show_form(
            step_id="server",
            data_schema=vol.Schema(schema),
            description_placeholders={"kind": LABELS[kind]},
            errors=errors,
        )

    async def async_step_model(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which model, and let it answer once."""
        if user_input is not None:
            self._data.pop(CONF_CONTEXT_TOKENS, None)
            self._data.pop(CONF_EMBEDDING_MODEL, None)
            self._data |= user_input
            return await self.async_step_measure()
        models = selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=self._models, custom_value=True, mode=selector.SelectSelectorMode.DROPDOWN
            )
        )
        usual = self._data.get(CONF_MODEL) or next(iter(self._models), vol.UNDEFINED)
        tokens = {"suggested_value": self._data.get(CONF_CONTEXT_TOKENS)}
        schema = {
            vol.Required(CONF_MODEL, default=usual): models,
            vol.Optional(CONF_CONTEXT_TOKENS, description=tokens): _TOKENS,
        }
        if KINDS[self._data[CONF_SERVER_KIND]].embeds:
            embedding = {"suggested_value": self._data.get(CONF_EMBEDDING_MODEL)}
            schema[vol.Optional(CONF_EMBEDDING_MODEL, description=embedding)] = models
        errors, self._refused = self._refused, {}
        return self.async_show_form(step_id="model", data_schema=vol.Schema(schema), errors=errors)

    async def async_step_measure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Let the model answer while the person sees that something is done."""
        if self._measuring is None:
            self._measuring = self.hass.async_create_task(
                self._try_model(), f"{DOMAIN} try a model"
            )
        if not self._measuring.done():
            return self.async_show_progress(
                step_id="measure", progress_action="measure", progress_task=self._measuring
            )
        self._refused, self._measuring = self._measuring.result(), None
        return self.async_show_progress_done(next_step_id="model" if self._refused else "tried")

    async def async_step_tried(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show how the model did, and keep it."""
        if user_input is not None:
            return self._keep()
        tried, measured = self._tried, self._measured
        assert tried is not None
        assert measured is not None
        return self.async_show_form(
            step_id="tried" if tried.tools else "tried_without_tools",
            data_schema=vol.Schema({}),
            description_placeholders={
                "answer": tried.answer or "…",
                "first_word_s": f"{measured.first_word_s:.1f}",
                "load_s": f"{measured.load_s:.1f}",
                "prompt_per_s": f"{measured.prompt_per_s:.0f}",
                "output_per_s": f"{measured.output_per_s:.0f}",
                "context_tokens": str(tried.context_tokens),
            },
        )

    async_step_tried_without_tools = async_step_tried

    def _keep(self) -> SubentryFlowResult:
        """Make or change the subentry."""
        assert self._tried is not None
        assert self._measured is not None
        data = {
            **self._data,
            CONF_TOOLS: self._tried.tools,
            CONF_CONTEXT_TOKENS: self._tried.context_tokens,
            CONF_MEASURED: asdict(self._measured),
        }
        title = f"{data[CONF_MODEL]} ({LABELS[data[CONF_SERVER_KIND]]})"
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), title=title, data=data
            )
        return self.async_create_entry(title=title, data=data)

    async def _list_models(self) -> dict[str, str]:
        """Ask the server for its models; return why that failed."""
        try:
            self._models = await async_models(self.hass, Address.from_data(self._data))
        except ProviderError as err:
            return refusal(err)
        return {}

    async def _try_model(self) -> dict[str, str]:
        """Let the model answer once; return why that failed."""
        address = Address.from_data(self._data)
        model, tokens = self._data[CONF_MODEL], self._data.get(CONF_CONTEXT_TOKENS)
        try:
            self._tried = await async_try(self.hass, address, model, tokens)
            self._measured = await async_measure(self.hass, address, model, self._tried)
        except ProviderError as err:
            return refusal(err)
        return {}


async def async_refusal(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, str]:
    """Return why a server does not let us in, nothing where it does."""
    try:
        await async_models(hass, Address.from_data(data))
    except ProviderError as err:
        return refusal(err)
    return {}


def full_url(text: str) -> str | None:
    """Return a server's address with its scheme, `None` for what is no address."""
    text = text.strip().rstrip("/")
    url = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        valid = parts.scheme in ("http", "https") and bool(host) and parts.port != 0
    except ValueError:
        return None
    plain = url.isprintable() and " " not in url and len(url) <= _LONGEST_URL
    return url if valid and plain else None


def refusal(err: ProviderError) -> dict[str, str]:
    """Return the sentence for a failure, at the field that it is about."""
    field = {"provider_login": CONF_API_KEY, "provider_unknown_model": CONF_MODEL}
    return {field.get(err.key, "base"): err.key}
