"""The socket that a server listens on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from askdoc.errors import UsageError


@contextmanager
def bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on an address, closed afterwards. Raises UsageError where the address cannot be used."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{host}:{port} cannot be served on ({reason}). Choose others with --host and --port."
        ) from None
    with bound:
        yield bound


def url(bound: socket.socket) -> str:
    """The address of a bound socket, as a browser takes it."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
