"""Find the model files that the openwakeword 0.4.0 wheel carries, without importing it.

Importing the package costs 200 MB and two seconds (it loads scipy and scikit-learn); the files are
all we need.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from .base import WakeError

PACKAGE: Final = "openwakeword"
FOLDER: Final = "resources/models"
LICENCE: Final = "CC BY-NC-SA 4.0"
OWN_LICENCE: Final = "see the model's author"


def bundled_model(file_name: str) -> Path:
    """Return the path of a model file in the installed openwakeword wheel."""
    # Its place alone: the metadata of packages would load as much as the models weigh.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WakeError(
            "openWakeWord is not installed; install waifu-satellite[room] or choose another engine"
        )
    path = Path(spec.submodule_search_locations[0]) / FOLDER / file_name
    if not path.is_file():
        raise WakeError(f"The installed openwakeword carries no {file_name}; version 0.4.0 does")
    return path


def bundled_words() -> list[str]:
    """Return the names of the wake words in the installed wheel."""
    folder = bundled_model("melspectrogram.onnx").parent
    skip = {"melspectrogram", "embedding_model", "silero_vad", "timer_v0.1", "weather_v0.1"}
    names = [path.stem for path in sorted(folder.glob("*.onnx")) if path.stem not in skip]
    return [name.rsplit("_v", 1)[0] for name in names]
