"""How long a text is for a model, without its tokenizer: a careful estimate."""

_LETTERS_PER_TOKEN = 3.5
"""English has about four, German about three."""
_WIDE_FROM = "\u1100"
"""From here on scripts have about a token for each character."""


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    wide = sum(1 for char in text if char >= _WIDE_FROM)
    return wide + int((len(text) - wide) / _LETTERS_PER_TOKEN) + 1
