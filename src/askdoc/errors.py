"""Every error that askdoc raises on purpose; each message ends with what to do."""

import re


class AskdocError(Exception):
    """An error that a caller can put right. ``str(error)`` is a plain sentence or two, fit to be shown as it is."""

    exit_code = 1
    """The exit code of the command that it ends."""

    def __str__(self) -> str:
        """The message, printable anywhere: bytes that are no UTF-8 are escaped, as ``filename_escaping`` does."""
        return re.sub("[\udc80-\udcff]", lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", super().__str__())


class UsageError(AskdocError):
    """An option, a setting or an argument is wrong."""

    exit_code = 2


class QuestionError(UsageError):
    """A question cannot be asked: it is empty or too long."""


class CorpusError(AskdocError):
    """The corpus cannot be read, or holds nothing that can be used."""

    exit_code = 3


class IndexUnusable(AskdocError):
    """There is no index, it is damaged, or it was made with another model."""

    exit_code = 4


class OtherModel(IndexUnusable):
    """The index is sound, but was made with another model than the settings name."""


class ModelError(AskdocError):
    """The embedding model is missing, altered, or none that askdoc loads."""

    exit_code = 4


class BuildError(AskdocError):
    """A build stopped: no space, no permission, another build under way. The active index is as it was."""

    exit_code = 1
