"""Finds known phrases in a sequence of tokens with a trie: every one, or the longest at each place.

A phrase is a sequence of tokens; a token that ends in ``*`` stands for every token that begins like it. To walk the
trie from every token costs a few look-ups, whatever the text says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Self, TypeVar

Value = TypeVar("Value")
SHORTEST_PREFIX = 3
"""Letters of the shortest token with ``*``: that many are looked up at once."""
_PREFIXES = 0
_VALUES = 1
"""Keys of a node that are no token: the continuations by a prefix, and the values of the phrase that ends here."""
_Node = dict[str | int, Any]


class Span(NamedTuple):
    """Tokens ``start`` to ``end`` of a text: a known phrase, or a single token that begins none."""

    start: int
    end: int
    is_phrase: bool


class PhraseTrie(Generic[Value]):
    """Known phrases, each with one or more values."""

    def __init__(self) -> None:
        # Plain dictionaries: a trie may have tens of thousands of nodes and is built at each start.
        self._root: _Node = {}
        self._tokens: set[str] = set()
        self._prefixes: dict[str, list[str]] = {}
        """All prefixes, by their first letters."""

    @classmethod
    def of(cls, phrases: Iterable[Sequence[str]], value: Value) -> Self:
        """Make a trie of phrases that have one value."""
        trie = cls()
        for phrase in phrases:
            trie.add(phrase, value)
        return trie

    def add(self, phrase: Sequence[str], value: Value) -> None:
        """Add a value of a phrase. Raises ValueError for an empty phrase and for a prefix that is too short."""
        if not phrase:
            raise ValueError("an empty phrase would stand everywhere")
        node = self._root
        for token in phrase:
            if token[-1] == "*":
                node = node.setdefault(_PREFIXES, {})
                token = self._known_prefix(token[:-1])
            else:
                self._tokens.add(token)
            onward = node.get(token)
            if onward is None:
                onward = node[token] = {}
            node = onward
        values = node.get(_VALUES, ())
        if value not in values:
            node[_VALUES] = (*values, value)

    def _known_prefix(self, prefix: str) -> str:
        if len(prefix) < SHORTEST_PREFIX:
            raise ValueError(f"the prefix {prefix}* is shorter than {SHORTEST_PREFIX} letters")
        same = self._prefixes.setdefault(prefix[:SHORTEST_PREFIX], [])
        if prefix not in same:
            same.append(prefix)
        return prefix

    def knows(self, token: str) -> bool:
        """Whether a token stands in any phrase, as it is or by a prefix."""
        return token in self._tokens or bool(self._prefixes_of(token))

    def _prefixes_of(self, token: str) -> list[str]:
        return [prefix for prefix in self._prefixes.get(token[:SHORTEST_PREFIX], ()) if token.startswith(prefix)]

    def _all_prefixes_of(self, tokens: Sequence[str]) -> dict[str, list[str]]:
        return {token: self._prefixes_of(token) for token in set(tokens)} if self._prefixes else {}

    def find(self, tokens: Sequence[str]) -> list[tuple[int, int, Value]]:
        """Every phrase in the tokens, overlapping ones too, as start, end and value; by start."""
        matches: list[tuple[int, int, Value]] = []
        prefixes_of = self._all_prefixes_of(tokens)
        root, by_prefix = self._root, self._root.get(_PREFIXES, {})
        for start, token in enumerate(tokens):
            if token in root or any(prefix in by_prefix for prefix in prefixes_of.get(token, ())):
                for end, values in self._walk(tokens, start, prefixes_of):
                    matches.extend([(start, end, value) for value in values])
        return matches

    def segment(self, tokens: Sequence[str]) -> Iterator[Span]:
        """Cut the tokens into known phrases, leftmost and longest first, and single tokens between them."""
        prefixes_of = self._all_prefixes_of(tokens)
        start = 0
        while start < len(tokens):
            end = start
            for longer, _ in self._walk(tokens, start, prefixes_of):
                end = longer
            yield Span(start, max(end, start + 1), end > start)
            start = max(end, start + 1)

    def _walk(
        self, tokens: Sequence[str], start: int, prefixes_of: Mapping[str, Sequence[str]]
    ) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """The end and the values of each phrase that begins at a place, the shortest first."""
        nodes = [self._root]
        for at in range(start, len(tokens)):
            token = tokens[at]
            onward: list[_Node] = []
            for node in nodes:
                if token in node:
                    onward.append(node[token])
                by_prefix = node.get(_PREFIXES)
                if by_prefix is not None:
                    onward.extend(by_prefix[prefix] for prefix in prefixes_of[token] if prefix in by_prefix)
            if not onward:
                return
            for node in onward:
                if _VALUES in node:
                    yield at + 1, node[_VALUES]
            nodes = onward


def contains(tokens: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the phrase stands anywhere in the tokens."""
    size = len(phrase)
    return any(tuple(tokens[start : start + size]) == tuple(phrase) for start in range(len(tokens) - size + 1))
