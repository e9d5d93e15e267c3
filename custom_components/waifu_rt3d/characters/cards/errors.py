"""What is wrong with a file that should be a character card."""

from enum import StrEnum


class CardProblem(StrEnum):
    """Why a file is refused; each has a translated sentence (`card_…`)."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    NOT_UTF8 = "not_utf8"
    TEXT_TOO_LONG = "text_too_long"
    NOT_JSON = "not_json"
    NO_OBJECT = "no_object"
    TOO_DEEP = "too_deep"
    REFERS_TO_ITSELF = "refers_to_itself"
    NO_CARD = "no_card"
    NO_NAME = "no_name"
    NO_DATA = "no_data"
    UNKNOWN_VERSION = "unknown_version"
    FUTURE_VERSION = "future_version"
    PICTURE_WITHOUT = "picture_without"
    PICTURE_NOT_PNG = "picture_not_png"
    PICTURE_CUT_OFF = "picture_cut_off"
    PICTURE_CHECKSUM = "picture_checksum"
    PICTURE_TEXT_DAMAGED = "picture_text_damaged"
    PICTURE_TEXT_NO_CARD = "picture_text_no_card"
    ARCHIVE_DAMAGED = "archive_damaged"
    ARCHIVE_TOO_MANY = "archive_too_many"
    ARCHIVE_OUTSIDE = "archive_outside"
    ARCHIVE_ENCRYPTED = "archive_encrypted"
    ARCHIVE_BOMB = "archive_bomb"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    ARCHIVE_WITHOUT = "archive_without"
    ARCHIVE_NO_CARD_JSON = "archive_no_card_json"
    ARCHIVE_NOT_JSON = "archive_not_json"
    BOOK_TOO_LONG = "book_too_long"
    BOOK_NOT_UTF8 = "book_not_utf8"
    BOOK_NOT_JSON = "book_not_json"
    NO_BOOK = "no_book"
    GONE = "gone"
    UNWRITABLE = "unwritable"


_SENTENCES = {
    CardProblem.TOO_LARGE: "The file is larger than 128 MB.",
    CardProblem.EMPTY: "The file is empty.",
    CardProblem.UNKNOWN_KIND: "The file is neither a picture nor an archive nor JSON or YAML.",
    CardProblem.NOT_UTF8: "The card's text is not UTF-8.",
    CardProblem.TEXT_TOO_LONG: "The card's text is longer than 4 MB.",
    CardProblem.NOT_JSON: "The card's text is not JSON.",
    CardProblem.NO_OBJECT: "The card's text is not a JSON object.",
    CardProblem.TOO_DEEP: "The card is nested too deeply.",
    CardProblem.REFERS_TO_ITSELF: "The card's YAML refers to itself.",
    CardProblem.NO_CARD: "This is not a character card.",
    CardProblem.NO_NAME: "The card has no name.",
    CardProblem.NO_DATA: "The card has no data.",
    CardProblem.UNKNOWN_VERSION: "The card's version ({detail}) is not known.",
    CardProblem.FUTURE_VERSION: "The card is of a future version.",
    CardProblem.PICTURE_WITHOUT: "The picture has no character in it.",
    CardProblem.PICTURE_NOT_PNG: "The file is not a PNG picture.",
    CardProblem.PICTURE_CUT_OFF: "The picture is cut off.",
    CardProblem.PICTURE_CHECKSUM: "The picture is damaged: a checksum is wrong.",
    CardProblem.PICTURE_TEXT_DAMAGED: "The picture's text is damaged.",
    CardProblem.PICTURE_TEXT_NO_CARD: "The picture's text is not a card.",
    CardProblem.ARCHIVE_DAMAGED: "The archive is damaged.",
    CardProblem.ARCHIVE_TOO_MANY: "The archive has too many files.",
    CardProblem.ARCHIVE_OUTSIDE: "The archive has a file that points outside of it.",
    CardProblem.ARCHIVE_ENCRYPTED: "The archive is encrypted.",
    CardProblem.ARCHIVE_BOMB: "The archive unpacks to far more than it is.",
    CardProblem.ARCHIVE_TOO_LARGE: "The archive is larger than 256 MB.",
    CardProblem.ARCHIVE_WITHOUT: "The archive has no character.",
    CardProblem.ARCHIVE_NO_CARD_JSON: "The archive has no card.json.",
    CardProblem.ARCHIVE_NOT_JSON: "The archive's description is not JSON.",
    CardProblem.BOOK_TOO_LONG: "The lorebook is longer than 4 MB.",
    CardProblem.BOOK_NOT_UTF8: "The lorebook is not UTF-8.",
    CardProblem.BOOK_NOT_JSON: "The lorebook is not JSON.",
    CardProblem.NO_BOOK: "This is not a lorebook.",
    CardProblem.GONE: "The character's card is not there any more.",
    CardProblem.UNWRITABLE: "Cards can't be written as {detail}.",
}


class CardError(Exception):
    """The file can't be read as a card; the message is the sentence in English."""

    def __init__(self, problem: CardProblem, detail: str = "") -> None:
        """Name the problem; `detail` is what its sentence names."""
        super().__init__(_SENTENCES[problem].format(detail=detail))
        self.problem = problem
        self.detail = detail
