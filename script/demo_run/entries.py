"""Config entries, made by going through their dialogs."""

from typing import Any

from .house_client import House, Json
from .places import DemoError

FLOWS = "/api/config/config_entries/flow"


async def add_entry(house: House, handler: str, *answers: Json) -> str:
    """Answer a dialog's steps in their order and return the id of the entry it made."""
    step: Any = await house.post(FLOWS, {"handler": handler, "show_advanced_options": False})
    for answer in answers:
        if step["type"] not in {"form", "menu"}:
            break
        step = await house.post(f"{FLOWS}/{step['flow_id']}", answer)
    if step["type"] != "create_entry":
        why = step.get("errors") or step.get("reason") or step["type"]
        raise DemoError(f"Home Assistant did not take {handler}: {why}.")
    return str(step["result"]["entry_id"])
