"""What is deployed fits what the program understands."""

import importlib.util
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
APP = DEPLOY / "waifu_speech"


def options_of_app() -> dict[str, object]:
    """Return the app's form."""
    return yaml.safe_load((APP / "config.yaml").read_text(encoding="utf-8"))


def test_every_option_of_the_app_has_words_in_both_languages() -> None:
    """Nobody is left with the name of a key."""
    schema = set(options_of_app()["schema"])
    for language in ("en", "de"):
        words = yaml.safe_load((APP / "translations" / f"{language}.yaml").read_text("utf-8"))
        assert set(words["configuration"]) == schema


def test_app_starts_the_server_with_what_was_set() -> None:
    """Empty fields are the server's own choice."""
    spec = importlib.util.spec_from_file_location("run", APP / "run.py")
    assert spec is not None and spec.loader is not None
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    always = ["--name", "Speech", "--no-announce"]
    assert run.arguments({"tts": "", "stt": "", "download": []}) == always
    chosen = {"tts": "flite:slt", "stt": "none", "memory_mb": 900, "beam": 5}
    assert run.arguments(chosen | {"whole_window": True}) == [
        *("--tts", "flite:slt", "--stt", "none", "--memory", "900", "--beam", "5"),
        "--whole-window",
        *always,
    ]
    assert "--whole-window" not in run.arguments(chosen | {"whole_window": False})


def test_container_of_a_room_starts_what_there_is() -> None:
    """Its command is one that the satellite understands, on the port that it listens at."""
    lines = (DEPLOY / "satellite.Dockerfile").read_text(encoding="utf-8").splitlines()
    assert 'CMD ["run", "--mic", "alsa", "--speaker", "alsa"]' in lines
    assert "EXPOSE 10700" in lines
    assert any("libspeexdsp1" in line for line in lines)


def test_unit_is_one_for_systemd() -> None:
    """Sections and the program stand where systemd looks for them."""
    unit = (DEPLOY / "waifu-speech.service").read_text(encoding="utf-8")
    assert [line for line in unit.splitlines() if line.startswith("[")] == [
        "[Unit]",
        "[Service]",
        "[Install]",
    ]
    assert "ExecStart=%h/.local/bin/waifu-speech" in unit
