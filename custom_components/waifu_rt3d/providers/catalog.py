"""All kinds of providers: where their servers usually are, what they need, how they are reached."""

from collections.abc import Callable
from dataclasses import dataclass

from . import anthropic, ollama, openai_compatible
from .base import Provider
from .profiles import PROFILES, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of provider, as a form offers it."""

    name: str
    label: str
    sdk_of: str
    """Core's integration whose requirements bring the SDK, at core's own pin."""
    connect: Callable[[str, str, object | None], Provider]
    """Makes the provider of address, key and HTTP client; imports the SDK: call it off the loop."""
    url: str | None = None
    """Address of a service that has only one."""
    port: int | None = None
    """Where a server of this kind usually listens."""
    probe_path: str = ""
    """Path that answers on such a server."""
    probe_key: str = ""
    """Member of its JSON answer by which it is known."""
    key_needed: bool = False
    usual_context: int = 8192
    """Tokens that are used where nobody says how many there are; a local server pays for each."""
    names_context: bool = False
    """Every request has to name the context size: the head of a longer prompt is dropped in silence."""

    embeds: bool = True
    """Such servers can make vectors of texts as well."""

    @property
    def local(self) -> bool:
        """Return whether it runs in the house, where a warm-up costs no money."""
        return self.url is None

    @property
    def usual_url(self) -> str:
        """Return where such a server usually is, seen from Home Assistant."""
        return self.url or f"http://localhost:{self.port or 8080}"

    def url_at(self, host: str) -> str:
        """Return the address of a server of this kind on a host."""
        return f"http://{host}:{self.port}"


def _compatible(profile: Profile) -> Kind:
    """Return the kind of a server with OpenAI's language."""

    def connect(url: str, key: str, http_client: object | None) -> Provider:
        base = url.rstrip("/")
        base = base if base.endswith("/v1") else f"{base}/v1"
        client = openai_compatible.make_client(url=base, key=key, http_client=http_client)
        return openai_compatible.OpenAiCompatible(client, profile)

    return Kind(
        name=profile.name,
        label=profile.label,
        sdk_of="openai_conversation",
        connect=connect,
        url=profile.url,
        port=profile.port,
        probe_path=profile.probe_path,
        probe_key=profile.probe_key,
        key_needed=profile.key_needed,
    )


def _ollama(url: str, key: str, http_client: object | None) -> Provider:
    """Return an Ollama server."""
    return ollama.Ollama(ollama.make_client(url=url, key=key, http_client=http_client))


def _anthropic(url: str, key: str, http_client: object | None) -> Provider:
    """Return Anthropic's service."""
    # The SDK refuses an empty key.
    client = anthropic.make_client(key=key or "none", url=url or None, http_client=http_client)
    return anthropic.Anthropic(client)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="ollama",
            label="Ollama",
            sdk_of="ollama",
            connect=_ollama,
            port=ollama.DEFAULT_PORT,
            probe_path="/api/version",
            probe_key="version",
            usual_context=ollama.DEFAULT_CONTEXT,
            names_context=True,
        ),
        *(_compatible(profile) for profile in PROFILES.values()),
        Kind(
            name="anthropic",
            embeds=False,
            label="Anthropic",
            sdk_of="anthropic",
            connect=_anthropic,
            url="https://api.anthropic.com",
            key_needed=True,
            usual_context=100_000,
        ),
    )
}
