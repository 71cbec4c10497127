"""Checks the bodies of requests: what is wrong with one is told once, however much of it is wrong."""

from collections.abc import Mapping
from itertools import islice

from pydantic import BaseModel, ConfigDict, model_validator


class RequestBody(BaseModel):
    """A JSON object with known fields alone."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _one_unknown_field(cls, body: object) -> object:
        """Leave out all unknown fields but the first: an error is made for each, and a body may hold thousands."""
        if not isinstance(body, Mapping):
            return body
        unknown = islice((name for name in body if name not in cls.model_fields), 1)
        return {name: body[name] for name in [*unknown, *cls.model_fields] if name in body}
