"""What is wrong with a file that should be a character card."""


class CardError(Exception):
    """The file can't be read as a card; the message is the sentence for the user."""
