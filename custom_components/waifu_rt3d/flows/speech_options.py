"""The options of a speech server: one button fetches a good voice and free dictation.

Nothing is asked of the hub before the button: what the form says of it is written here.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
import probatio as vol

from ..const import DOMAIN
from ..runtime import SpeechRuntime
from ..voice.connection import WireError
from ..voice.speech import SpeechServer

HUB = "huggingface.co"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A model that is worth having."""

    engine: str
    name: str
    size_mb: int
    licence: str

    @property
    def choice(self) -> str:
        """Return it as the server takes it."""
        return f"{self.engine}:{self.name}"


# Voices whose recordings may be used for anything. Sizes are those of piper-voices' `voices.json` and, of
# Whisper, of its repository's files; the server itself asks for the true ones before it fetches.
VOICES = {
    "en": Offered(
        engine="piper", name="en_US-ljspeech-medium", size_mb=64, licence="public domain"
    ),
    "de": Offered(engine="piper", name="de_DE-thorsten-medium", size_mb=63, licence="CC0 1.0"),
    "fr": Offered(engine="piper", name="fr_FR-siwis-medium", size_mb=63, licence="CC BY 4.0"),
}
EARS = Offered(engine="faster-whisper", name="base", size_mb=148, licence="MIT")


class SpeechOptionsFlow(OptionsFlow):
    """Fetch a voice and a recogniser, and show how far it is."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._fetching: asyncio.Task[None] | None = None
        self._reason = ""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Go on where the server can fetch something."""
        if not self._offered():
            return self.async_abort(reason="nothing_to_fetch")
        return await self.async_step_fetch(user_input)

    async def async_step_fetch(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say what is fetched from where, under which licence; the button is the consent."""
        if user_input is not None:
            return await self.async_step_fetching()
        listed = "\n".join(
            f"- {one.choice}, ≈ {one.size_mb} MB, {one.licence}" for one in self._offered()
        )
        total = sum(one.size_mb for one in self._offered())
        return self.async_show_form(
            step_id="fetch",
            data_schema=vol.Schema({}),
            description_placeholders={"host": HUB, "models": listed, "total_mb": str(total)},
        )

    async def async_step_fetching(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait with a bar that grows."""
        if self._fetching is None:
            self._fetching = self.hass.async_create_task(self._fetch(), f"{DOMAIN} fetch models")
        if not self._fetching.done():
            return self.async_show_progress(
                step_id="fetching", progress_action="fetching", progress_task=self._fetching
            )
        return self.async_show_progress_done(next_step_id="failed" if self._reason else "fetched")

    async def async_step_fetched(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take up what the server now offers."""
        self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say why it broke off; what is there already is not fetched again."""
        return self.async_abort(
            reason="fetch_failed", description_placeholders={"reason": self._reason}
        )

    def _server(self) -> SpeechServer | None:
        """Return the server, where it is one of ours and loaded."""
        runtime = getattr(self.config_entry, "runtime_data", None)
        server = runtime.server if isinstance(runtime, SpeechRuntime) else None
        return server if isinstance(server, SpeechServer) else None

    def _offered(self) -> list[Offered]:
        """Return what the server can run, in the language of the house."""
        server = self._server()
        family = self.hass.config.language.partition("-")[0]
        wanted = (VOICES.get(family, VOICES["en"]), EARS)
        return [one for one in wanted if server and one.engine in server.info.downloads]

    async def _fetch(self) -> None:
        """Let the server fetch everything; the bar counts by size."""
        offered = self._offered()
        sizes = {one.choice: one.size_mb for one in offered}
        there = dict.fromkeys(sizes, 0.0)

        def progress(model: str, share: float) -> None:
            there[model] = share
            done = sum(sizes.get(name, 0) * part for name, part in there.items())
            self.async_update_progress(min(1.0, done / sum(sizes.values())))

        server = self._server()
        assert server is not None  # something was offered
        try:
            await server.download(list(sizes), progress)
        except WireError as err:
            self._reason = str(err)
