"""A real Home Assistant that installs packages by itself takes us in, and nothing more than us."""

from dataclasses import dataclass
from pathlib import Path
import re

from demo_run.entries import add_entry
from demo_run.house_program import home_assistant
import pytest

from .empty_environment import (
    REPOSITORY,
    Environment,
    Manifest,
    arrived,
    closure_of,
    make_environment,
    manifests_of,
    pins_of,
)

DOMAIN = "waifu_rt3d"
MANIFEST = REPOSITORY / "custom_components" / DOMAIN / "manifest.json"
# As little as the web interface needs: all else must come with us.
CONFIGURATION = """\
homeassistant:
  name: Empty
  country: GB
  time_zone: Europe/London
config:
frontend:
logger:
  default: warning
"""
# Core's own: it misses a C library and a faster zlib, and says so of every custom integration.
KNOWN_NOISE = re.compile(r"turbojpeg|zlib_ng|isal|custom integration .* not been tested")
LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ (WARNING|ERROR|CRITICAL) ", re.MULTILINE)

pytestmark = [pytest.mark.real_start, pytest.mark.timeout(400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What became of an empty home that added the companion."""

    environment: Environment
    manifests: dict[str, Manifest]
    packages_before: dict[str, str]
    packages_after: dict[str, str]
    components_before: set[str]
    components_after: set[str]
    entry_state: str
    log: str


def configured(config: Path) -> None:
    """Write the smallest configuration."""
    (config / "configuration.yaml").write_text(CONFIGURATION)


def top_level(components: list[str]) -> set[str]:
    """Return the integrations, without their platforms."""
    return {name for name in components if "." not in name}


async def live(folder: Path) -> Story:
    """Install, start, add the companion, and write down what happened."""
    environment = await make_environment(folder / "environment")
    running_home = home_assistant(
        folder, python=str(environment.python), wanted_port=None, fill=configured
    )
    async with running_home as running:
        house = running.house
        packages_before = await environment.freeze()
        components_before = top_level((await house.get("/api/config"))["components"])
        character = {"name": "Mira", "model": "conversation.home_assistant"}
        await add_entry(house, DOMAIN, {"next_step_id": "companion"}, character)
        (entry,) = await house.call("config_entries/get", domain=DOMAIN)
        components_after = top_level((await house.get("/api/config"))["components"])
    return Story(
        environment=environment,
        manifests=manifests_of(environment, MANIFEST),
        packages_before=packages_before,
        packages_after=await environment.freeze(),
        components_before=components_before,
        components_after=components_after,
        entry_state=entry["state"],
        log=running.log.read_text(errors="replace"),
    )


@pytest.fixture
async def story(socket_enabled: None, tmp_path: Path) -> Story:
    """Return what became of an empty home; one start serves all that is asked of it."""
    return await live(tmp_path)


async def test_empty_home_takes_the_companion_and_nothing_more(story: Story) -> None:
    """Exactly core's pins arrive, only what we depend on is set up, and the log is clean."""
    assert story.entry_state == "loaded"
    assert_only_pins_arrived(story)
    assert_only_dependencies_were_set_up(story)
    assert complaints(story.log) == []


def assert_only_pins_arrived(story: Story) -> None:
    """Every pin of core is there as it stands, and whatever came is a pin or asked for by one."""
    pins = pins_of(story.manifests.values())
    assert "wyoming" in pins.keys() - story.packages_before.keys()
    assert {name: story.packages_after.get(name) for name in pins} == pins
    came = arrived(story.packages_before, story.packages_after)
    assert came.keys() >= pins.keys() - story.packages_before.keys()
    assert came.keys() - closure_of(story.environment, pins) == set()
    # What was there stays as it was.
    assert came.keys() & story.packages_before.keys() == set()
    assert story.packages_before.keys() <= story.packages_after.keys()


def assert_only_dependencies_were_set_up(story: Story) -> None:
    """`wyoming` gives its package only: it is not set up."""
    new = story.components_after - story.components_before
    assert DOMAIN in new
    assert new - {DOMAIN} <= story.manifests.keys()
    assert "wyoming" not in story.components_after


def complaints(log: str) -> list[str]:
    """Return the errors, and the warnings that name us or a blocking call, without known noise."""
    lines = [line for line in log.splitlines() if LOG_LINE.match(line)]
    return [
        line
        for line in lines
        if not KNOWN_NOISE.search(line)
        and (" WARNING " not in line or DOMAIN in line or "blocking call" in line)
    ]
