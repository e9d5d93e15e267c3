"""Words for characters that were imported: they fit any of them."""
