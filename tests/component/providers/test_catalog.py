"""The kinds of providers that a form offers."""

import subprocess
import sys

from fake_llm import FakeLlm
import httpx
import pytest

from custom_components.waifu_rt3d.providers.base import TextDelta
from custom_components.waifu_rt3d.providers.catalog import KINDS

from .conftest import asking


@pytest.mark.parametrize("name", KINDS)
async def test_every_kind_answers(name: str, fake: FakeLlm, http: httpx.AsyncClient) -> None:
    """Each kind reaches a server by address and key alone and gets its words."""
    provider = KINDS[name].connect(fake.url, "key", http)
    words = [d.text async for d in provider.stream(asking()) if isinstance(d, TextDelta)]
    assert "".join(words) == "Hello there."


def test_addresses_are_usable() -> None:
    """A kind has either a service's address or a usual port; local ports differ."""
    ports = [kind.port for kind in KINDS.values() if kind.port]
    assert len(set(ports)) == len(ports)
    assert KINDS["ollama"].url_at("nas.local") == "http://nas.local:11434"
    for kind in KINDS.values():
        assert bool(kind.url) == kind.key_needed


def test_no_sdk_is_loaded_before_it_is_used() -> None:
    """Who uses one provider does not pay for the others."""
    code = (
        "import sys; sys.path.insert(0, 'script'); import pure_parts; pure_parts.load();"
        "import waifu_rt3d.providers.catalog;"
        "print([m for m in ('openai', 'ollama', 'anthropic', 'httpx') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [kind.name for kind in KINDS.values() if kind.port])
async def test_server_is_known_by_its_probe(
    name: str, fake: FakeLlm, http: httpx.AsyncClient
) -> None:
    """What tells a kind of server apart is in what such a server answers."""
    kind = KINDS[name]
    answer = (await http.get(f"{fake.url}{kind.probe_path}")).json()
    assert kind.probe_key in answer
