"""Parts of the satellite's benchmark."""
