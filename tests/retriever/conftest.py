"""Gives the tests of the retriever a small corpus."""

import pytest

from askdoc.models import Question
from tests.retriever.small_corpus import corpus


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return corpus()
