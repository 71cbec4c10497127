"""Every error that askdoc raises on purpose; each message ends with what to do."""

import re


class AskdocError(Exception):
    """Something the caller can mend. ``str(error)`` is one plain sentence or two, fit to be shown as it is."""

    exit_code = 1

    def __str__(self) -> str:
        """The sentence, fit for any output: bytes of a path that are no UTF-8 are written as ``filenames`` does."""
        return re.sub("[\udc80-\udcff]", lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", super().__str__())


class UsageError(AskdocError):
    """An option, a setting or an argument is wrong."""

    exit_code = 2


class QuestionError(UsageError):
    """The question cannot be asked: it is empty or too long."""


class CorpusError(AskdocError):
    """The corpus cannot be read, or nothing in it can be used."""

    exit_code = 3


class IndexUnusable(AskdocError):
    """There is no index, it is damaged, or it was made with another model."""

    exit_code = 4


class OtherModel(IndexUnusable):
    """The index is whole, but was made with another model than the settings name."""


class ModelError(AskdocError):
    """The embedding model is missing, altered or not one that askdoc loads."""

    exit_code = 4


class BuildError(AskdocError):
    """A build stopped: no space, no permission, another builder at work. The active index is as it was."""

    exit_code = 1
