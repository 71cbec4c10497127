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
        self._known_prefixes: set[str] = set()
        self._prefixes: dict[str, list[str]] = {}
        """The same prefixes by their first letters."""

    @classmethod
    def of(cls, phrases: Iterable[Sequence[str]], value: Value) -> Self:
        """Make a trie of phrases that have one value."""
        trie = cls()
        for phrase in phrases:
            trie.add(phrase, value)
        return trie

    def add(self, phrase: Sequence[str], value: Value) -> None:
        """Add a value of a phrase. Raises ValueError for an empty phrase, or a prefix that is too short."""
        if not phrase:
            raise ValueError("an empty phrase would stand everywhere")
        node = self._root
        for token in phrase:
            if token[-1] == "*":
                token = token[:-1]
                if token not in self._known_prefixes:
                    self._add_prefix(token)
                node = node.setdefault(_PREFIXES, {})
            else:
                self._tokens.add(token)
            onward = node.get(token)
            if onward is None:
                onward = node[token] = {}
            node = onward
        values = node.get(_VALUES, ())
        if value not in values:
            node[_VALUES] = (*values, value)

    def _add_prefix(self, prefix: str) -> None:
        if len(prefix) < SHORTEST_PREFIX:
            raise ValueError(f"the prefix {prefix}* is shorter than {SHORTEST_PREFIX} letters")
        self._known_prefixes.add(prefix)
        self._prefixes.setdefault(prefix[:SHORTEST_PREFIX], []).append(prefix)

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
        size = len(tokens)
        for start, token in enumerate(tokens):
            if token not in root and not any(prefix in by_prefix for prefix in prefixes_of.get(token, ())):
                continue
            nodes, at = [root], start
            while nodes and at < size:
                nodes = _onward(nodes, tokens[at], prefixes_of)
                at += 1
                for node in nodes:
                    if _VALUES in node:
                        matches.extend([(start, at, value) for value in node[_VALUES]])
        return matches

    def segment(self, tokens: Sequence[str]) -> Iterator[Span]:
        """Cut the tokens into known phrases, leftmost and longest first, and single tokens between them."""
        prefixes_of = self._all_prefixes_of(tokens)
        start = 0
        while start < len(tokens):
            end, nodes = start, [self._root]
            for at in range(start, len(tokens)):
                nodes = _onward(nodes, tokens[at], prefixes_of)
                if not nodes:
                    break
                if any(_VALUES in node for node in nodes):
                    end = at + 1
            yield Span(start, max(end, start + 1), end > start)
            start = max(end, start + 1)


def _onward(nodes: list[_Node], token: str, prefixes_of: Mapping[str, Sequence[str]]) -> list[_Node]:
    """The nodes that one more token leads to."""
    onward: list[_Node] = []
    for node in nodes:
        if token in node:
            onward.append(node[token])
        by_prefix = node.get(_PREFIXES)
        if by_prefix is not None:
            onward.extend([by_prefix[prefix] for prefix in prefixes_of[token] if prefix in by_prefix])
    return onward


def contains(tokens: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the phrase stands anywhere in the tokens."""
    size = len(phrase)
    return any(tuple(tokens[start : start + size]) == tuple(phrase) for start in range(len(tokens) - size + 1))
