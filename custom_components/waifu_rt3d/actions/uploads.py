"""Files that were sent to core's `/api/file_upload`, each used once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN


class UploadMissing(HomeAssistantError):
    """Say that the file is not there any more."""

    def __init__(self) -> None:
        """Name the sentence."""
        super().__init__(translation_domain=DOMAIN, translation_key="upload_missing")


@asynccontextmanager
async def uploaded(hass: HomeAssistant, file_id: str) -> AsyncGenerator[Path]:
    """Give an uploaded file, which is gone afterwards."""
    upload = process_uploaded_file(hass, file_id)
    try:
        path = await hass.async_add_executor_job(upload.__enter__)
    except ValueError as err:
        raise UploadMissing from err
    try:
        yield path
    finally:
        leave = hass.async_add_executor_job(upload.__exit__, None, None, None)
        await asyncio.shield(leave)
