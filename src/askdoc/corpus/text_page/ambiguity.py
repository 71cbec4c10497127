"""The error that a page can be read in more than one way."""


class AmbiguousPage(Exception):
    """A page that can be read in more than one way, and is left out rather than guessed at.

    ``line`` is where the doubt is, from 1 in the file; ``str`` of the error is the reason, and ``hint`` says what
    settles the doubt, where this is known.
    """

    def __init__(self, line: int, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.line = line
        self.hint = hint
