"""What the companion adds around a language model, measured in a real Home Assistant of this process."""
