"""Clients of a server over the small corpus, and of one whose index is still loading."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from askdoc import bootstrap
from askdoc.index.generation import Generation
from askdoc.server.app import create_app
from tests.server.doubles import SITE, FixedProvider


@pytest.fixture
def client(tiny_index: Generation) -> Iterator[TestClient]:
    with TestClient(create_app(FixedProvider(bootstrap.responder(tiny_index)), sites=[SITE])) as client:
        yield client


@pytest.fixture
def starting() -> Iterator[TestClient]:
    with TestClient(create_app(FixedProvider(None))) as client:
        yield client
