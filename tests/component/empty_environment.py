"""An environment in which Home Assistant alone is installed, and what may arrive in it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
import json
import os
from pathlib import Path
import sys
from typing import Any

from homeassistant.requirements import DISCOVERY_INTEGRATIONS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
import pytest

REPOSITORY = Path(__file__).parents[2]
CACHE = Path(sys.prefix).parent
UV = CACHE / "uv" / "bin" / "uv"
BASE_PYTHON = (CACHE / "python3.14").resolve()
HOME_ASSISTANT = "homeassistant==2026.10.4"
# How uv says that it can't reach an index, in its own words.
UNREACHABLE = ("Failed to fetch", "error sending request", "dns error", "Could not connect")

type Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A Python environment on its own."""

    folder: Path

    @property
    def python(self) -> Path:
        """Return its interpreter."""
        return self.folder / "bin" / "python"

    async def freeze(self) -> dict[str, str]:
        """Return the version of each installed package."""
        listed = await _uv("pip", "list", "--format", "json", "--python", str(self.python))
        return {canonicalize_name(one["name"]): one["version"] for one in json.loads(listed)}

    def requirements_of(self, name: str) -> list[Requirement]:
        """Return what an installed package asks for here."""
        packages = next((self.folder / "lib").glob("python3*")) / "site-packages"
        found = next(iter(Distribution.discover(name=name, path=[str(packages)])))
        asked = [Requirement(text) for text in found.requires or []]
        return [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]


async def make_environment(folder: Path) -> Environment:
    """Install Home Assistant alone; skip where no package index answers, except in CI."""
    await _uv("venv", "--python", str(BASE_PYTHON), str(folder))
    environment = Environment(folder=folder)
    constraints = REPOSITORY / "requirements" / "constraints.txt"
    await _uv(
        *("pip", "install", "--python", str(environment.python)),
        *("--constraints", str(constraints), HOME_ASSISTANT),
    )
    return environment


async def _uv(*arguments: str) -> str:
    """Run uv and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        UV, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, said = (stream.decode() for stream in await process.communicate())
    if process.returncode == 0:
        return output
    if any(words in said for words in UNREACHABLE) and os.environ.get("CI") != "true":
        pytest.skip("no package index answers")
    raise AssertionError(said)


def manifests_of(environment: Environment, ours: Path) -> dict[str, Manifest]:
    """Return the manifests of all core components that our manifest leads to."""
    core = next(environment.folder.glob("lib/python3*/site-packages/homeassistant/components"))
    found: dict[str, Manifest] = {}
    waiting = _leads_to(json.loads(ours.read_text()))
    while waiting:
        domain = waiting.pop()
        if domain not in found:
            found[domain] = json.loads((core / domain / "manifest.json").read_text())
            waiting |= _leads_to(found[domain])
    return found


def _leads_to(manifest: Manifest) -> set[str]:
    """Return the components whose packages are installed for a component."""
    # Whoever is found by zeroconf needs the component that finds.
    finders = {
        domain
        for domain, keys in DISCOVERY_INTEGRATIONS.items()
        if any(key in manifest for key in keys)
    }
    return {*manifest.get("dependencies", ()), *manifest.get("after_dependencies", ())} | finders


def pins_of(manifests: Iterable[Manifest]) -> dict[str, str]:
    """Return the packages that manifests ask for, with their exact versions."""
    pins: dict[str, str] = {}
    for manifest in manifests:
        for text in manifest.get("requirements", ()):
            requirement = Requirement(text)
            (only,) = requirement.specifier
            pins[canonicalize_name(requirement.name)] = only.version
    return pins


def closure_of(environment: Environment, names: Iterable[str]) -> set[str]:
    """Return packages and all that they ask for."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= {canonicalize_name(one.name) for one in environment.requirements_of(name)}
    return found


def arrived(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return the packages that came or changed."""
    return {name: version for name, version in after.items() if before.get(name) != version}
