"""Triggers for what happens with a character."""

from typing import ClassVar, override

from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
)

from .cast.presence import Happening
from .const import DOMAIN


class HappeningTrigger(StatelessEntityTriggerBase):
    """Fire when a character's event entity tells one kind of thing."""

    _domain_specs = {EVENT_DOMAIN: DomainSpec()}
    happening: ClassVar[Happening]

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether this is it, and of a character of ours."""
        entry = er.async_get(self._hass).async_get(state.entity_id)
        is_ours = entry is not None and entry.platform == DOMAIN
        return is_ours and state.attributes.get("event_type") == self.happening.value


def _trigger(wanted: Happening) -> type[HappeningTrigger]:
    """Return the trigger of one happening."""

    class OneHappening(HappeningTrigger):
        happening = wanted

    return OneHappening


TRIGGERS: dict[str, type[Trigger]] = {
    happening.value: _trigger(happening) for happening in Happening
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
