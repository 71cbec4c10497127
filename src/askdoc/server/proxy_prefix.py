"""Routing behind proxies: the route that a request means, and addresses relative to the one that was asked for.

Proxies pass a path on in different ways: they take their prefix off, leave it on, or put a slash too many in front.
Routes are looked up without the prefix, and no page and no redirect names one: addresses in replies are relative to
the address that the browser asked for, so they hold below any prefix, also one that the server was never told.
"""

import re
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Scope

from askdoc.errors import UsageError

ORIGINAL_PATH = "askdoc.path"
"""The key of the scope that keeps the path as it came, for redirects."""
GET_AND_HEAD = frozenset({"GET", "HEAD"})


def parse_prefix(text: str) -> str:
    """The path prefix in a setting, without its last slash; "" for none. Raises UsageError for what is no path."""
    if text != "/" and not re.fullmatch(r"(/[\w.~!$&'()*+,;=:@-]+)+/?", text, re.ASCII):
        raise UsageError(f"'{text}' is no prefix. Give the path that the proxy keeps, such as /askdoc, or / for none.")
    return text.rstrip("/")


def without_prefix(scope: Scope, prefix: str) -> Scope:
    """The scope of a request with the path that routes are looked up by.

    The prefix that is taken off is that of a mount, the one that is set, or the one that a proxy names in a header:
    the first that the path begins with.
    """
    path: str = scope["path"]
    for candidate in (scope.get("root_path", ""), prefix, _forwarded_prefix(scope)):
        if candidate and (path == candidate or path.startswith(candidate + "/")):
            path = path.removeprefix(candidate)
            break
    if path or scope["method"] not in GET_AND_HEAD:  # an empty path is redirected, unless it brings a question
        path = "/" + path.lstrip("/")
    return {**scope, "path": path, "root_path": "", ORIGINAL_PATH: scope["path"]}


def _forwarded_prefix(scope: Scope) -> str:
    """The prefix in ``X-Forwarded-Prefix``, where the path still has it; each proxy of a chain may have added its own.

    Most proxies that name their prefix have taken it off: a path that is a route as it stands is left as it is.
    """
    header = Headers(scope=scope).get("x-forwarded-prefix")
    if header is None or any(_methods(route, scope) for route in scope["app"].routes):
        return ""
    return "".join(part.strip().rstrip("/") for part in header.split(","))


def path_to_top(request: Request) -> str:
    """The ``../`` that lead from the address that was asked for to the top; "" at the top."""
    return "../" * (_path(request).count("/") - 1)


def allowed_methods(request: Request) -> str:
    """The methods that the routes of a path take, as the header ``Allow`` lists them."""
    scope = {**request.scope, "root_path": ""}  # a mount that was entered has left its own path there
    methods = {method for route in request.app.routes for method in _methods(route, scope)}
    return ", ".join(sorted(methods | (GET_AND_HEAD if "GET" in methods else set())))


def slash_redirect(request: Request) -> str | None:
    """The relative address to redirect to where only the slash at the end is missing or too many, else None."""
    path = _path(request)
    last = quote(request.scope[ORIGINAL_PATH].rstrip("/").rpartition("/")[2])
    if not path:
        address = f"{last}/"
    elif path.endswith("/") and _is_route(request, path.rstrip("/")):
        address = f"../{last}"
    else:
        return None
    query_string = request.scope["query_string"].decode("latin-1")
    return f"{address}?{query_string}" if query_string else address


def _path(request: Request) -> str:
    return str(request.scope["path"])


def _is_route(request: Request, path: str) -> bool:
    return any(route.path == path for route in request.app.routes if not isinstance(route, Mount))


def _methods(route: BaseRoute, scope: Scope) -> set[str]:
    """The methods that a route takes for the path of a scope; none where the path is not its own."""
    if route.matches(scope)[0] is Match.NONE:
        return set()
    return set(getattr(route, "methods", None) or GET_AND_HEAD)
