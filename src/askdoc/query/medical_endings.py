"""Tells names of conditions, procedures and drugs by their endings: "-itis", "-plasty", "-pril"."""

_CONDITIONS = ("itis", "osis", "iasis", "oma", "emia", "aemia", "pathy", "algia", "plegia", "uria", "penia")
_PROCEDURES = ("ectomy", "plasty", "otomy", "ostomy", "oscopy")
_DRUGS = (
    "cillin", "mycin", "azole", "statin", "pril", "sartan", "olol", "oxacin", "cycline", "caine", "zepam", "zolam",
    "triptan", "gliptin", "gliflozin", "glutide", "mab", "tinib", "vir",
)  # fmt: skip
"""Stems of international nonproprietary names (INN)."""
_MORE_DRUGS = ("dipine", "oxetine", "prazine", "thiazide", "parin", "profen", "idone", "apine", "sone", "solone")
"""Stems that are told only where a word is near a known one: alone they would take too many words for names."""
_NAMES = (*_CONDITIONS, *_PROCEDURES, *_DRUGS)
_ALL_DRUGS = (*_DRUGS, *_MORE_DRUGS)


def is_name(word: str) -> bool:
    """Whether a word in lower case, in the singular or the plural, ends as names of the field do."""
    return word.endswith(_NAMES) or word.removesuffix("s").endswith(_NAMES)


def is_drug(word: str) -> bool:
    """Whether a word in lower case ends as the name of a drug."""
    return word.endswith(_ALL_DRUGS)
