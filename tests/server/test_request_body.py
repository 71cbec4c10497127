"""What is wrong with a body is told once, however much of it is wrong."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from askdoc.server.api import Ask
from askdoc.server.request_body import RequestBody
from askdoc.server.widget import Suggest


class Named(RequestBody):
    """A body with a field."""

    name: Annotated[str, Field(max_length=3)] = ""


def test_a_body_with_its_own_fields_is_read() -> None:
    """And one without."""
    assert Named.model_validate({"name": "a"}).name == "a"
    assert Named.model_validate({}).name == ""


@pytest.mark.parametrize("kind", [Ask, Suggest, Named])
def test_thousands_of_unknown_fields_are_one_error(kind: type[RequestBody]) -> None:
    """It names the first of them."""
    body = {"question": "x"} if kind is Ask else {"text": "x"} if kind is Suggest else {}
    with pytest.raises(ValidationError) as raised:
        kind.model_validate({**body, **{f"k{number}": 1 for number in range(5000)}})
    [error] = raised.value.errors()
    assert (error["type"], error["loc"]) == ("extra_forbidden", ("k0",))


def test_thousands_of_earlier_questions_that_are_none_are_one_error() -> None:
    """The first of them."""
    with pytest.raises(ValidationError) as raised:
        Ask.model_validate({"question": "x", "context": list(range(5000))})
    assert [error["loc"] for error in raised.value.errors()] == [("context", 0)]


@pytest.mark.parametrize("body", [[], "x", 1, None])
def test_what_is_no_object_is_refused(body: object) -> None:
    """As a whole."""
    with pytest.raises(ValidationError):
        Named.model_validate(body)
