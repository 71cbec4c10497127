"""Decides which origins may ask: the sites in a setting, normalised to the spelling that browsers send.

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
"""The setting that lets every site ask."""
NO_SITE = "none"
"""The setting that lets no other site ask."""
SUBDOMAINS = "*."
"""Stands in front of a domain for all that are below it."""
DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
"""One part of a host's name."""
_EXAMPLE = "Give origins such as https://clinic.example, with spaces between, or * for every site."
_NULL = (
    "it stands for every sandboxed frame, data: address and local file, whoever made them, so all of those could ask. "
    "Add allow-same-origin to the frame's sandbox and name its site."
)


def parse_sites(text: str) -> tuple[str, ...]:
    """The origins in a setting, each once, as browsers send them; "none" stands for no site.

    Raises UsageError for a site that no browser could send.
    """
    sites = text.split()
    return () if sites == [NO_SITE] else tuple(dict.fromkeys(_origin(site) for site in sites))


@dataclass(frozen=True, slots=True)
class AllowedOrigins:
    """The origins that may ask: some by name, some by the domain that they are below, or all."""

    named: frozenset[str]
    below: tuple[tuple[str, str], ...]
    """What stands before the subdomain and after it: ``("https://", ".clinic.example:8443")``."""
    every: bool

    @classmethod
    def of(cls, sites: Iterable[str]) -> "AllowedOrigins":
        """The origins of some sites. Raises UsageError as ``parse_sites`` does."""
        origins = parse_sites(" ".join(sites))
        below = [origin.partition("*") for origin in origins if SUBDOMAINS in origin]
        return cls(frozenset(origins), tuple((before, after) for before, _, after in below), EVERY in origins)

    def allows(self, origin: str) -> bool:
        """Whether pages of an origin, as a browser sends it, may ask."""
        return self.every or origin in self.named or any(_is_between(origin, *ends) for ends in self.below)


def _is_between(origin: str, before: str, after: str) -> bool:
    """Whether nothing but a subdomain stands between the two ends of an origin."""
    subdomain = origin.removeprefix(before).removesuffix(after)
    is_whole = len(subdomain) == len(origin) - len(before) - len(after)
    return is_whole and all(_LABEL.fullmatch(label) for label in subdomain.split("."))


def _origin(site: str) -> str:
    """A site as browsers send it; ``*.`` may stand in front of its host."""
    if site == EVERY:
        return site
    parts = _split(site)
    has_subdomains = (parts.netloc or "").startswith(SUBDOMAINS)
    host = _host(site, (parts.hostname or "").removeprefix(SUBDOMAINS) if has_subdomains else parts.hostname or "")
    if has_subdomains and (_is_address(host) or ("." not in host.strip(".") and host != "localhost")):
        raise _no_site(
            site, f"{host} is no domain that sites are below; name the domain, as in https://*.clinic.example."
        )
    port = _port(site, parts)
    shown = "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{SUBDOMAINS if has_subdomains else ''}{host}{shown}"


def _split(site: str) -> SplitResult:
    """The parts of a site. Raises UsageError where it has more of them than scheme, host and port, or fewer."""
    if site.lower() == "null":
        raise _no_site(site, _NULL)
    if site.lower() == NO_SITE:
        raise _no_site(site, "it stands for no site at all, and so it stands alone.")
    try:
        parts = urlsplit(site.replace("\\", "/"))
        is_web = parts.scheme in DEFAULT_PORTS
    except ValueError as error:
        raise _no_site(site, f"it cannot be read ({error}).") from None
    if not is_web or "://" not in site:
        raise _no_site(site, "it does not begin with http:// or https://.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        raise _no_site(site, "browsers send scheme, host and port alone; leave out the rest.")
    return parts


def _port(site: str, parts: SplitResult) -> int | None:
    """The port that a site names, if any."""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _no_site(site, "its port is no number from 1 to 65535. Every port that may ask is named by itself.")
    return port


def _host(site: str, host: str) -> str:
    """A host in the spelling of browsers; ``site`` is what an error quotes."""
    if ":" in host:
        return f"[{_address(site, host)}]"
    if "*" in host:
        raise _no_site(site, "a * may only stand for what is in front of a domain, as in https://*.clinic.example.")
    try:
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise _no_site(site, f"{host} is no host's name ({error}); write it as browsers do, xn--….") from None
    labels = ascii_host.removesuffix(".").split(".")
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        return _address(site, ascii_host)
    if len(ascii_host) > 254 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _no_site(site, f"'{host}' is no host's name.")
    return ascii_host


def _address(site: str, host: str) -> str:
    """An IP address in the spelling of browsers."""
    try:
        if "%" not in host:  # browsers know no zones
            return ipaddress.ip_address(host).compressed
    except ValueError:
        pass
    raise _no_site(site, f"{host} is no address as browsers write it.")


def _is_address(host: str) -> bool:
    """Whether a host is an IP address: browsers take a last label of digits for one."""
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


def _no_site(site: str, why: str) -> UsageError:
    """The error that says why a site could not ask, and how one is named."""
    return UsageError(f"'{site}' is no site that could ask: {why} {_EXAMPLE}")
