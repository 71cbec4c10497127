"""A question as it was typed, turned into plain words with the ends of sentences and clauses."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_PIECE = re.compile(r"[^\W_]+(?:[./][0-9]+){0,3}|[.!?;\n]+|[,:()–—-]")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
# A letter or digit that stands for another: look-alikes from other alphabets, and "k1ll", "su1cide".
_LOOKALIKES = str.maketrans("асеіорхуѕԁɡοαε", "aceiopxysdgoae")
_LEET = str.maketrans("013457", "oieast")
# Apostrophes vanish, so that "can't", "can’t" and "cant" are one word; a mask inside a word does too.
_VANISH = dict.fromkeys(map(ord, "'’‘ʼ`´*~\u00ad"))
_LONGEST_RUN = 16
_HARD = frozenset(".!?;\n")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that carry meaning, and where sentences and clauses end among them."""

    tokens: list[str]
    sentence: list[int]
    """For each token, the number of its sentence."""
    clause: list[int]
    """For each token, the number of its clause; a clause also ends at commas, dashes and brackets."""
    owned: frozenset[int]
    """Positions before which "my", "his", "her" and the like were dropped."""


def fold(text: str) -> str:
    """Lower case without accents, apostrophes and invisible characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
        text = "".join(c for c in text if unicodedata.category(c) not in {"Mn", "Cf"})
        return text.casefold().translate(_VANISH).translate(_LOOKALIKES)
    return text.lower().translate(_VANISH)


def words(
    text: str,
    *,
    known: Callable[[str], bool],
    mend: Callable[[str], str],
    skip: frozenset[str],
    owners: frozenset[str],
) -> Words:
    """Cut a folded text into meaningful words; ``known`` tells vocabulary, ``mend`` corrects what is not."""
    tokens: list[str] = []
    sentence: list[int] = []
    clause: list[int] = []
    owned: set[int] = set()
    at_sentence = at_clause = 0
    run, run_start = "", 0  # single letters in a row: "s u i c i d e"
    for piece in _PIECE.findall(text):
        if not piece[0].isalnum():
            if piece[0] in _HARD:
                at_sentence += 1
            if piece[0] != "-":  # a hyphen joins words more often than it parts them
                at_clause += 1
            continue
        if len(piece) == 1 and piece.isalpha():
            if not run:
                run_start = len(tokens)
            run += piece
            if 3 < len(run) <= _LONGEST_RUN and known(run):
                del tokens[run_start:], sentence[run_start:], clause[run_start:]
                piece = run
        else:
            run = ""
        if piece in skip:
            if piece in owners:
                owned.add(len(tokens))
            continue
        tokens.append(piece if known(piece) else _spell(piece, known, mend))
        sentence.append(at_sentence)
        clause.append(at_clause)
    return Words(tokens, sentence, clause, frozenset(owned))


def _spell(word: str, known: Callable[[str], bool], mend: Callable[[str], str]) -> str:
    """A known word for an unknown one: letters held down, digits for letters, slips of the finger."""
    if len(word) < 4:
        return word
    if _LONG_RUN.search(word):
        twice = _LONG_RUN.sub(r"\1\1", word)
        if known(twice):
            return twice
        word = _LONG_RUN.sub(r"\1", word)
        if known(word):
            return word
    if not word.isalpha():
        letters = word.translate(_LEET)
        return letters if letters.isalpha() and known(letters) else word
    return mend(word)
