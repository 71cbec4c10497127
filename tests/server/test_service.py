"""The service behind the endpoints follows its provider, and says when there is nothing to ask."""

import pytest

from askdoc import bootstrap
from askdoc.countries import Country
from askdoc.index.generation import Generation
from askdoc.responder import AskRequest
from askdoc.server.batching import NotReady
from askdoc.server.service import Service
from tests.server.doubles import QUESTION, FixedProvider
from tests.waiting import LONG_S


def service(provider: FixedProvider) -> Service:
    return Service(provider, country=Country.find("US"))


def test_without_an_index_there_is_neither_a_responder_nor_a_claim() -> None:
    """Asking is refused, and of the corpus nothing is known."""
    starting = service(FixedProvider(None, "It is loading."))
    with pytest.raises(NotReady):
        starting.responder()
    with pytest.raises(NotReady):
        starting.submit(AskRequest(QUESTION))
    assert starting.labels() is None
    assert (starting.readiness().ready, starting.readiness().problem) == (False, "It is loading.")


def test_another_responder_is_taken_up_at_once(tiny_index: Generation) -> None:
    """The service keeps none of its own."""
    provider = FixedProvider(None)
    served = service(provider)
    provider.fixed = bootstrap.responder(tiny_index)
    assert served.responder() is provider.fixed
    assert served.labels() == provider.fixed.labels
    try:
        assert served.submit(AskRequest(QUESTION)).result(LONG_S).index_id == tiny_index.index_id
    finally:
        served.close()


def test_a_closed_service_has_no_thread_left(tiny_index: Generation) -> None:
    """Closing ends the worker, and a question afterwards begins another."""
    served = service(FixedProvider(bootstrap.responder(tiny_index)))
    for _ in range(2):
        assert served.submit(AskRequest(QUESTION)).result(LONG_S).answers
        served.close()
        assert served._queue._worker is None
