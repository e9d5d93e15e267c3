"""The id of a problem that a person was told of."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No letter that is taken for another when it is read out."""


def new_problem_id() -> str:
    """Return six letters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(6))
