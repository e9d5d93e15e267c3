"""The configuration folder of a fresh Home Assistant that listens on this machine alone."""

import json
from pathlib import Path
import shutil

from .places import COMPONENT, DEMO_COMPONENTS, HOST

# No `default_config`: it fetches a dozen packages and looks for hardware.
CONFIGURATION = """\
homeassistant:
  name: Demo home
  country: GB
  unit_system: metric
  time_zone: Europe/London
frontend:
config:
history:
logbook:
conversation:
media_source:
assist_pipeline:
assist_satellite:
input_button:
  doorbell:
    name: Doorbell
    icon: mdi:doorbell
automation:
  - id: doorbell
    alias: Tell who is at the door
    triggers:
      - trigger: state
        entity_id: input_button.doorbell
    actions:
      - action: waifu_rt3d.look_at
        data: {direction: left}
      - action: waifu_rt3d.say
        data: {message: "[surprised] [gesture:point_left] Somebody is at the door!"}
logger:
  default: warning
  logs:
    custom_components.waifu_rt3d: info
"""


def prepare(folder: Path, port: int) -> None:
    """Write the folder: configuration, address, and our components."""
    storage = folder / ".storage"
    storage.mkdir(parents=True)
    (folder / "configuration.yaml").write_text(CONFIGURATION)
    # `http:` in YAML is only pending: Home Assistant takes it back after five minutes.
    _store(
        storage, "http", 2, 2, {"stable": _http(port), "pending": None, "yaml_migration_done": True}
    )
    # The other steps of the onboarding would look for things in the internet.
    _store(storage, "onboarding", 4, 1, {"done": ["core_config", "analytics", "integration"]})
    components = folder / "custom_components"
    components.mkdir()
    (components / COMPONENT.name).symlink_to(COMPONENT)
    for component in DEMO_COMPONENTS.iterdir():
        if (component / "manifest.json").is_file():
            shutil.copytree(
                component,
                components / component.name,
                ignore=shutil.ignore_patterns("__pycache__"),
            )


def _http(port: int) -> dict[str, object]:
    """Return the settings of the web server."""
    return {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }


def _store(storage: Path, key: str, version: int, minor: int, data: dict[str, object]) -> None:
    """Write one of Home Assistant's stores."""
    content = {"version": version, "minor_version": minor, "key": key, "data": data}
    (storage / key).write_text(json.dumps(content))
