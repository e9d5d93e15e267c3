"""An old Home Assistant is told so in one sentence."""

import importlib

import homeassistant.const
import pytest

from custom_components.waifu_rt3d import const


def test_old_home_assistant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything else fails, the needed release is named."""
    with monkeypatch.context() as patch:
        patch.setattr(homeassistant.const, "MINOR_VERSION", 9)
        with pytest.raises(ImportError, match=r"needs Home Assistant 2026\.10 or newer"):
            importlib.reload(const)
    importlib.reload(const)
