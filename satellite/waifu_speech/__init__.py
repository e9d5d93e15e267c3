"""A Wyoming speech server that tells when it says which sound, and hears commands offline."""

from typing import Final

VERSION: Final = "0.1.0"
