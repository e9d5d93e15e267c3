"""Who may know whom."""

from pathlib import Path
import sys

import pytest

from .rules import ROOT, files_under, named, python_imports, script_imports

COMPONENT = "custom_components/waifu_rt3d"
PURE_PACKAGES = ("avatars", "stage", "characters", "providers", "memory")
PLATFORMS = {
    "__init__",
    "assist_satellite",
    "backup",
    "button",
    "config_flow",
    "conversation",
    "diagnostics",
    "repairs",
    "event",
    "llm",
    "number",
    "select",
    "sensor",
    "stt",
    "switch",
    "trigger",
    "tts",
}
# What Home Assistant itself brings, with the pins of core.
PURE_MAY_IMPORT = {
    "aiohttp",
    "anthropic",
    "charset_normalizer",
    "httpx",
    "numpy",
    "ollama",
    "openai",
    "orjson",
    "sqlalchemy",
    "yaml",
}


def _top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def _offenders(folder: str, forbidden: set[str]) -> list[str]:
    """Return each Python file under a folder that imports a forbidden package."""
    return [
        f"{named(path)}: {module}"
        for path in files_under(folder, ".py")
        for module in python_imports(path)
        if _top(module) in forbidden
    ]


def _script_offenders(folder: str, *forbidden: str) -> list[str]:
    """Return each TypeScript file under a folder that imports what begins with a forbidden name."""
    return [
        f"{named(path)}: {target}"
        for path in files_under(folder, ".ts")
        for target in script_imports(path)
        if target.startswith(forbidden)
    ]


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_pure_packages_know_no_home_assistant(package: str) -> None:
    """They run and are tested without a house."""
    assert _offenders(f"{COMPONENT}/{package}", {"homeassistant", "probatio"}) == []


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_pure_packages_import_only_themselves_and_what_core_brings(package: str) -> None:
    """The component has no requirements of its own."""
    allowed = sys.stdlib_module_names | PURE_MAY_IMPORT | {"custom_components"}
    assert [
        f"{named(path)}: {module}"
        for path in files_under(f"{COMPONENT}/{package}", ".py")
        for module in python_imports(path)
        if _top(module) not in allowed
    ] == []


def test_pure_packages_lean_on_pure_ones_only() -> None:
    """A pure package that imports a platform file would pull in Home Assistant after all."""
    base = COMPONENT.replace("/", ".")
    pure = tuple(f"{base}.{name}" for name in PURE_PACKAGES)
    assert [
        f"{named(path)}: {module}"
        for package in PURE_PACKAGES
        for path in files_under(f"{COMPONENT}/{package}", ".py")
        for module in python_imports(path)
        if module.startswith(f"{base}.") and not module.startswith(pure)
    ] == []


def test_satellite_stands_alone() -> None:
    """It is another distribution under another licence."""
    assert _offenders("satellite", {"custom_components", "homeassistant"}) == []


def test_component_never_imports_the_satellite() -> None:
    """The component is Apache-2.0, the satellite's distribution is not."""
    forbidden = {"waifu_wire", "waifu_speech", "waifu_satellite"}
    assert _offenders(COMPONENT, forbidden) == []


def test_nobody_imports_voluptuous() -> None:
    """Core replaced it; `import probatio as vol` is the same."""
    everywhere = [COMPONENT, "script", "satellite", "tests", "lovelace/figures"]
    assert [hit for folder in everywhere for hit in _offenders(folder, {"voluptuous"})] == []


def test_component_has_no_package_named_llm() -> None:
    """Home Assistant loads `llm.py` as a platform; a package of that name would be taken for it."""
    assert not (ROOT / COMPONENT / "llm").exists()


def test_only_the_pipeline_file_uses_what_core_does_not_export() -> None:
    """`PipelineRun` and `PipelineInput` are not public: one place to mend when they change."""
    users = {
        Path(named(path)).name
        for path in files_under(COMPONENT, ".py")
        for module in python_imports(path)
        if module.endswith((".PipelineRun", ".PipelineInput"))
    }
    assert users <= {"pipeline.py"}


def test_root_of_the_component_holds_what_home_assistant_looks_for() -> None:
    """Everything else has a folder that tells its subject."""
    own = {
        "companion",
        "house",
        "refusals",
        "runtime",
        "problems",
        "dashboard",
        "entity",
        "websocket_api",
        "const",
    }
    files = {path.stem for path in (ROOT / COMPONENT).glob("*.py")}
    assert files - own <= PLATFORMS


@pytest.mark.parametrize("folder", ["avatar", "director"])
def test_drawing_knows_no_home_assistant(folder: str) -> None:
    """The avatar can be drawn, and its maths run, without a house."""
    forbidden = ("src/ha", "src/card", "src/panel", "home-assistant", "custom-card-helpers")
    assert _script_offenders(f"lovelace/src/{folder}", *forbidden) == []


def test_director_is_only_maths() -> None:
    """Weights at a time can be computed where nothing is drawn."""
    assert _script_offenders("lovelace/src/director", "three", "@pixiv", "src/avatar", "lit") == []


def test_talk_with_home_assistant_knows_no_three() -> None:
    """A card with text only must not load the 3D chunk."""
    assert _script_offenders("lovelace/src/ha", "three", "@pixiv", "src/avatar") == []
