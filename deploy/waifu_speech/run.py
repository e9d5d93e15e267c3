"""Start the speech server with what the owner set in Home Assistant's form of this app."""

import json
import os
from pathlib import Path
import subprocess
import sys

DATA = Path("/data")
PROGRAM = [sys.executable, "-m", "waifu_speech"]


def main() -> None:
    """Fetch what is wanted, then become the server."""
    options = json.loads((DATA / "options.json").read_text(encoding="utf-8"))
    models = ["--models", str(DATA / "models")]
    for wanted in options.get("download") or []:
        # A model that can't be fetched now is no reason to be mute.
        subprocess.run([*PROGRAM, *models, "--download", wanted], check=False)
    os.execv(sys.executable, [*PROGRAM, *models, *arguments(options)])


def arguments(options: dict[str, object]) -> list[str]:
    """Return the server's words for the options of the form."""
    names = {"tts": "--tts", "stt": "--stt", "memory_mb": "--memory", "beam": "--beam"}
    given = [
        word
        for key, name in names.items()
        if options.get(key)
        for word in (name, str(options[key]))
    ]
    given += ["--whole-window"] if options.get("whole_window") else []
    return [*given, "--name", "Speech", "--no-announce"]


if __name__ == "__main__":
    main()
