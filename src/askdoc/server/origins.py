"""Reads the sites in a setting as the origins that browsers send, and says which origins they allow.

A browser sends an origin in one spelling: small letters, ASCII (``xn--…``), no default port, no slash. A site that
is written in another way is put into that spelling; one that no browser could ever send is refused.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna

from askdoc.errors import UsageError

EVERY = "*"
NONE = "none"
BELOW = "*."
DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_EXAMPLE = "Give origins such as https://clinic.example, with spaces between, or * for every site."
_NULL = (
    "it stands for every sandboxed frame, data: address and local file, whoever made them, so all of those could ask. "
    "Add allow-same-origin to the frame's sandbox and name its site."
)


def read(text: str) -> tuple[str, ...]:
    """The origins in a setting, as browsers send them; "none" stands for no site.

    Raises UsageError for a site that no browser could send.
    """
    sites = text.split()
    return () if sites == [NONE] else tuple(dict.fromkeys(_origin(site) for site in sites))


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that may ask: some by name, some by the domain that they are below, or all."""

    named: frozenset[str]
    below: tuple[tuple[str, str], ...]
    """What stands before the subdomain and after it: ``("https://", ".clinic.example:8443")``."""
    every: bool

    @classmethod
    def of(cls, sites: Iterable[str]) -> "Origins":
        """The origins of some sites. Raises UsageError as ``read`` does."""
        origins = read(" ".join(sites))
        below = [origin.partition("*") for origin in origins if BELOW in origin]
        return cls(frozenset(origins), tuple((before, after) for before, _, after in below), EVERY in origins)

    def allows(self, origin: str) -> bool:
        """Whether pages of an origin, as a browser sends it, may ask."""
        return self.every or origin in self.named or any(_is_between(origin, *ends) for ends in self.below)


def _is_between(origin: str, before: str, after: str) -> bool:
    subdomain = origin.removeprefix(before).removesuffix(after)
    is_whole = len(subdomain) == len(origin) - len(before) - len(after)
    return is_whole and all(_LABEL.fullmatch(label) for label in subdomain.split("."))


def _origin(site: str) -> str:
    """A site as browsers send it; ``*.`` may stand in front of its host."""
    if site == EVERY:
        return site
    parts = _split(site)
    below = (parts.netloc or "").startswith(BELOW)
    host = _host(site, (parts.hostname or "").removeprefix(BELOW) if below else parts.hostname or "")
    if below and (_is_address(host) or ("." not in host.strip(".") and host != "localhost")):
        raise _wrong(
            site, f"{host} is no domain that sites are below; name the domain, as in https://*.clinic.example."
        )
    port = _port(site, parts)
    shown = "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{BELOW if below else ''}{host}{shown}"


def _split(site: str) -> SplitResult:
    if site.lower() == "null":
        raise _wrong(site, _NULL)
    if site.lower() == NONE:
        raise _wrong(site, "it stands for no site at all, and so it stands alone.")
    try:
        parts = urlsplit(site.replace("\\", "/"))
        known = parts.scheme in DEFAULT_PORTS
    except ValueError as error:
        raise _wrong(site, f"it cannot be read ({error}).") from None
    if not known or "://" not in site:
        raise _wrong(site, "it does not begin with http:// or https://.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        raise _wrong(site, "browsers send scheme, host and port alone; leave out the rest.")
    return parts


def _port(site: str, parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _wrong(site, "its port is no number from 1 to 65535. Every port that may ask is named by itself.")
    return port


def _host(site: str, host: str) -> str:
    """A host in the spelling of browsers."""
    if ":" in host:
        return f"[{_address(site, host)}]"
    if "*" in host:
        raise _wrong(site, "a * may only stand for what is in front of a domain, as in https://*.clinic.example.")
    try:
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise _wrong(site, f"{host} is no host's name ({error}); write it as browsers do, xn--….") from None
    labels = ascii_host.removesuffix(".").split(".")
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        return _address(site, ascii_host)
    if len(ascii_host) > 254 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _wrong(site, f"'{host}' is no host's name.")
    return ascii_host


def _address(site: str, host: str) -> str:
    try:
        if "%" not in host:  # browsers know no zones
            return ipaddress.ip_address(host).compressed
    except ValueError:
        pass
    raise _wrong(site, f"{host} is no address as browsers write it.")


def _is_address(host: str) -> bool:
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


def _wrong(site: str, why: str) -> UsageError:
    return UsageError(f"'{site}' is no site that could ask: {why} {_EXAMPLE}")
