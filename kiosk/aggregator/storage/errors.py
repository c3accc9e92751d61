"""Why the database cannot be used, by what to do about it."""


class DatabaseError(Exception):
    """It cannot be opened, or is none of ours; the text says what to do. Never holds a password."""


class BusyError(Exception):
    """Too many wanted the same at once; nothing was changed: try again."""
