"""Open problems as repairs of Home Assistant, until a later check finds them solved."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from .finding import Finding, State

PREFIX = "preflight_"
CHECKS_PAGE = "homeassistant://companion/checks"


def report(hass: HomeAssistant, findings: Iterable[Finding], *, whole: bool) -> None:
    """Make a repair of each red light, and take away those that are solved.

    A run of the `whole` house also takes away those of what is no longer there.
    """
    open_ids = set()
    for finding in findings:
        issue_id = f"{PREFIX}{finding.id}"
        if finding.state is State.RED:
            open_ids.add(issue_id)
            _create(hass, issue_id, finding)
        else:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    if whole:
        _delete_others(hass, open_ids)


def _create(hass: HomeAssistant, issue_id: str, finding: Finding) -> None:
    """Tell the owner of one problem; the page of the checks tries it again."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        learn_more_url=CHECKS_PAGE,
        severity=ir.IssueSeverity.ERROR,
        translation_key=f"{PREFIX}{finding.key}",
        translation_placeholders=dict(finding.values),
    )


def _delete_others(hass: HomeAssistant, open_ids: set[str]) -> None:
    """Take away the repairs of earlier runs that this one did not find."""
    known = [issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN]
    for issue_id in known:
        if issue_id.startswith(PREFIX) and issue_id not in open_ids:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
