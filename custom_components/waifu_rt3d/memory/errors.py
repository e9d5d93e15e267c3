"""Name what can go wrong in the store, each in a sentence a person understands."""


class StoreError(Exception):
    """Report that the store could not do what it was asked."""


class NotFound(StoreError):
    """Report a session, message or note that is not there, or not for this reader."""


class NotAllowed(StoreError):
    """Report that the reader may see this, but not change it."""


class StoreFull(StoreError):
    """Report that the disk has no room left; what is stored stays stored."""


class StoreReadOnly(StoreError):
    """Report that the disk or the file cannot be written; it can still be read."""


class StoreDamaged(StoreError):
    """Report that the database file is damaged."""


class StoreTooNew(StoreError):
    """Report a database written by a later version, which is left as it is."""


class StoreClosed(StoreError):
    """Report that the store was closed before the work could be done."""


class BadQuery(StoreError):
    """Report a search that cannot be understood, and where."""


class BadImport(StoreError):
    """Report a file that cannot be imported, and where it broke."""
