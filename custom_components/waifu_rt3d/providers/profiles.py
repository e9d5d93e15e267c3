"""Servers that speak OpenAI's language, each a set of facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is special about a server."""

    name: str
    label: str
    port: int | None = None
    url: str | None = None
    key_needed: bool = False
    max_tokens_field: str = "max_tokens"
    probe_path: str = "/v1/models"
    """Path, from the root of the server, that answers only there."""
    probe_key: str = "data"
    """Member of its JSON answer by which the server is known."""
    about_path: str | None = None
    """Path that tells of the model, when it isn't the probe's."""
    context_path: tuple[str, ...] = ()
    """Keys in that answer that lead to the size of the context; `{model}` picks the list's item."""
    tools_path: tuple[str, ...] = ()
    """Keys that lead to whether tools can be called: a boolean, or a list with `tool_use` in it."""
    tools: bool | None = None
    """Whether tools can be called, where it is always the same."""
    abort_path: str | None = None
    """Path to post to when a stream is closed early: a disconnect alone does not stop the model there."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    no_thinking: Mapping[str, Any] = field(default_factory=dict)
    """Sent when thinking is off."""


_TEMPLATE_NO_THINKING = {"chat_template_kwargs": {"enable_thinking": False}}
PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="openai",
            label="OpenAI",
            url="https://api.openai.com/v1",
            key_needed=True,
            max_tokens_field="max_completion_tokens",
            tools=True,
        ),
        Profile(name="compatible", label="OpenAI-compatible"),
        Profile(
            name="lm_studio",
            label="LM Studio",
            port=1234,
            probe_path="/api/v0/models",
            # What is loaded may be less than what the model could read.
            context_path=("data", "{model}", "loaded_context_length"),
            tools_path=("data", "{model}", "capabilities"),
        ),
        Profile(
            name="llama_cpp",
            label="llama.cpp",
            port=8080,
            probe_path="/props",
            probe_key="default_generation_settings",
            context_path=("default_generation_settings", "n_ctx"),
            tools_path=("chat_template_caps", "supports_tools"),
            extra_body={"cache_prompt": True},
            no_thinking=_TEMPLATE_NO_THINKING,
        ),
        Profile(
            name="vllm",
            label="vLLM",
            port=8000,
            probe_path="/version",
            probe_key="version",
            about_path="/v1/models",
            context_path=("data", "{model}", "max_model_len"),
            no_thinking=_TEMPLATE_NO_THINKING,
        ),
        Profile(
            name="koboldcpp",
            label="KoboldCpp",
            port=5001,
            probe_path="/api/extra/version",
            probe_key="result",
            about_path="/api/extra/true_max_context_length",
            context_path=("value",),
            # koboldcpp#568: generation goes on after the client has left.
            abort_path="/api/extra/abort",
        ),
        Profile(
            name="text_generation_webui",
            label="text-generation-webui",
            port=5000,
            probe_path="/v1/internal/model/info",
            probe_key="model_name",
            abort_path="/v1/internal/stop-generation",
            extra_body={"mode": "instruct"},
        ),
    )
}
