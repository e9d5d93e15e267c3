"""Find the model files that the openwakeword 0.4.0 wheel carries, without importing it.

Importing the package costs 200 MB and two seconds (it loads scipy and scikit-learn); the files are
all we need.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from .base import WakeError

PACKAGE: Final = "openwakeword"
FOLDER: Final = "openwakeword/resources/models"


def bundled_model(file_name: str) -> Path:
    """Return the path of a model file in the installed openwakeword wheel."""
    try:
        wheel = distribution(PACKAGE)
    except PackageNotFoundError:
        raise WakeError(
            "openWakeWord is not installed; install waifu-satellite[room] or choose another engine"
        ) from None
    path = Path(str(wheel.locate_file(f"{FOLDER}/{file_name}")))
    if not path.is_file():
        raise WakeError(f"openwakeword {wheel.version} carries no {file_name}; version 0.4.0 does")
    return path


def bundled_words() -> list[str]:
    """Return the names of the wake words in the installed wheel."""
    folder = bundled_model("melspectrogram.onnx").parent
    skip = {"melspectrogram", "embedding_model", "silero_vad", "timer_v0.1", "weather_v0.1"}
    names = [path.stem for path in sorted(folder.glob("*.onnx")) if path.stem not in skip]
    return [name.rsplit("_v", 1)[0] for name in names]
