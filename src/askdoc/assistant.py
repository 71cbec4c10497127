"""The public way in for programs: open an index, ask, read the reply."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Self

from askdoc import bootstrap
from askdoc.countries import country_code
from askdoc.models import Answer, Question, Reply
from askdoc.responder import DEFAULT_ANSWERS, Responder
from askdoc.settings import DEFAULT_COUNTRY, DEFAULT_MODEL, Settings


class Assistant:
    """Answers questions from one opened index. It may be shared between threads; it keeps nothing of what is asked."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    @classmethod
    def open(
        cls, index: str | PathLike[str] = "index", *, model: str = DEFAULT_MODEL, country: str = DEFAULT_COUNTRY
    ) -> Self:
        """Open the active index in a folder, each byte compared with its hash.

        ``index`` is a folder that ``askdoc index`` has built; ``model`` the one that it was built with; ``country``
        (two letters, ISO 3166-1) says whose emergency numbers notices and disclaimer name. Neither the environment
        nor ``askdoc.toml`` is read. Raises IndexUnusable where no index in the folder is whole, OtherModel where it
        was built with another model, UsageError for a country that there is none.
        """
        settings = Settings(index=Path(index), model=model, country=country_code(country))
        shared = bootstrap.Shared(settings.country)
        return cls(bootstrap.responder(bootstrap.open_generation(settings), shared=shared))

    def ask(self, question: str, *, context: Sequence[str] = (), max_answers: int = DEFAULT_ANSWERS) -> Reply:
        """Answer a question with doctors' passages, word for word, with what must be read first and the disclaimer.

        ``context`` holds the questions asked before in the same conversation, oldest first. ``max_answers`` is from 1
        to 20. Show ``reply.notice`` before anything else where there is one, and ``reply.disclaimer`` always. Raises
        QuestionError where the question is empty or longer than 1,000 characters.
        """
        return self._responder.reply(question, max_answers=max_answers, context=context)

    def answer(self, answer_id: str) -> tuple[Question, Answer] | None:
        """Read a doctor's whole answer, with its question, by ``answer.id`` or ``answer.key``; None if unknown."""
        return self._responder.answer(answer_id)

    @property
    def index_id(self) -> str:
        """The id of the opened index, as replies carry it: the same corpus, model and version give the same."""
        return self._responder.index_id
