"""Findings as people read them, in their language."""

from dataclasses import asdict
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from .finding import Finding, State

_GAP = re.compile(r"\{(\w+)\}")


class Words:
    """The sentences of one language."""

    def __init__(self, issues: dict[str, str], common: dict[str, str]) -> None:
        """Take what Home Assistant has loaded."""
        self._issues = issues
        self._common = common

    @classmethod
    async def of(cls, hass: HomeAssistant, language: str | None = None) -> Words:
        """Load the sentences of a language, that of the house where none is named."""
        wanted = language or hass.config.language
        issues = await async_get_translations(hass, wanted, "issues", {DOMAIN})
        common = await async_get_translations(hass, wanted, "common", {DOMAIN})
        return cls(issues, common)

    def shown(self, finding: Finding) -> dict[str, Any]:
        """Return a finding with its sentence, as contract and action show it."""
        return {
            "id": finding.id,
            **asdict(finding),
            "part": finding.part.value,
            "state": finding.state.value,
            "values": dict(finding.values),
            "title": self._title(finding),
            "message": self._message(finding),
        }

    def _title(self, finding: Finding) -> str:
        """Return what a light is called."""
        part = self._common.get(f"component.{DOMAIN}.common.preflight_part_{finding.part.value}")
        return ": ".join(word for word in (part or finding.part.value, finding.name) if word)

    def _message(self, finding: Finding) -> str:
        """Return what was found, and what to do about it."""
        if finding.state is State.RED:
            text = self._issues.get(
                f"component.{DOMAIN}.issues.preflight_{finding.key}.description"
            )
        else:
            text = self._common.get(f"component.{DOMAIN}.common.preflight_{finding.key}")
        return _GAP.sub(lambda gap: str(finding.values.get(gap[1], gap[0])), text or finding.key)
