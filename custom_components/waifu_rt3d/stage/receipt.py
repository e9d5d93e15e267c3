"""Who had a part in a reply, and which hosts were called for it.

A helper is noted when it is *asked*: also a model that then did not answer has got the words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
import ipaddress
from typing import Any
from urllib.parse import urlsplit

_HOME_ENDINGS = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain")


class Part(StrEnum):
    """What is done for a reply."""

    HEARD = "heard"
    THOUGHT = "thought"
    SPOKEN = "spoken"
    DONE = "done"
    """A tool was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """An engine, a model or a tool; `inside` is unknown where nobody tells how far it reaches."""

    name: str
    detail: str | None = None
    """Its model or its voice."""
    host: str | None = None
    """Where it was called; nothing where it runs in Home Assistant or its address is not known."""
    inside: bool | None = True
    """Whether it runs in this house."""

    def as_dict(self) -> dict[str, object]:
        """Return it as the websocket contract writes it."""
        return {
            "name": self.name,
            "detail": self.detail,
            "host": self.host,
            "inside": self.inside,
        }


@dataclass(slots=True)
class Receipt:
    """What a reply was made with."""

    parts: dict[Part, list[Helper]] = field(default_factory=dict)

    def note(self, part: Part, helper: Helper) -> None:
        """Take that a helper was asked; the last one of a part is who did it."""
        helpers = self.parts.setdefault(part, [])
        if helper in helpers:
            helpers.remove(helper)
        helpers.append(helper)

    def as_dict(self) -> dict[str, Any]:
        """Return it as the websocket contract writes it (envelope `receipt`).

        `inside` is true only where every helper is known to run in this house.
        """
        helpers = [helper for each in self.parts.values() for helper in each]
        return {
            **{part.value: [one.as_dict() for one in self.parts.get(part, [])] for part in Part},
            "inside": _all_inside(helpers),
            "called": sorted({one.host or one.name for one in helpers if one.inside is False}),
        }


def _all_inside(helpers: Iterable[Helper]) -> bool | None:
    """Return whether all run in this house: one outside decides, one unknown leaves it open."""
    known = {helper.inside for helper in helpers}
    if False in known:
        return False
    return None if None in known else True


def host_of(address: str) -> str | None:
    """Return the host of a URL or of `host:port`, `None` where there is none."""
    url = address if "://" in address else f"//{address}"
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def is_inside(host: str) -> bool:
    """Return whether a host is in this house: a private address, or a name only a home knows.

    A name of the public DNS counts as outside, wherever it leads: it is not looked up for this.
    """
    name = host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return "." not in name or name.endswith(_HOME_ENDINGS) or name.endswith(".fritz.box")
    return address.is_private or address.is_loopback or address.is_link_local
