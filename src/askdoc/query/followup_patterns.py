"""Recognises how English leans on what was said before: connectives, anaphora, ellipsis and what is asked."""

import re
from functools import cache

RESET = re.compile(
    r"\b(?:different|another|new|unrelated|other) (?:question|topic|subject|matter)\b|\bsomething (?:else|different)\b"
    r"|\bforget (?:that|it|about)\b|\bchange (?:of )?(?:the )?(?:topic|subject)\b",
    re.IGNORECASE,
)
"""The announcement of another topic."""
ACKNOWLEDGEMENT = re.compile(
    r"^\W*(?:(?:thanks|thank you|thx|ok|okay|great|i see|alright|all right|hm+|oh|well|got it|good|right|yes|no"
    r"|sorry)\b\W*)+",
    re.IGNORECASE,
)
"""Thanks and the like, which stand before a follow-up and say nothing of it."""
CONNECTIVE = re.compile(r"^\W*(?:(?:and|but|or|so|then|also|plus)\b\W*)+", re.IGNORECASE)
"""What joins a question to the one before."""
OPENING = re.compile(r"^\W*(?:what|how) about\b\W*(?:having |getting |taking |using )?", re.IGNORECASE)
"""The opening that names another topic for the same question."""
SAME = re.compile(r"\b(?:the )?same\b|\balso (?:true|apply)\b", re.IGNORECASE)
"""What asks the same of another topic."""
FOR = re.compile(r"^(?:for|in case of)\s+", re.IGNORECASE)
"""What may stand before the new topic."""
CIRCUMSTANCE = re.compile(r"^(?:with|without|while|during|after|before|if|when|in|on|at|as)\b", re.IGNORECASE)
"""The beginning of an elliptical question that adds a circumstance to the old topic."""
COMPARISON = re.compile(r"\b(?:compare[sd]?|better|worse|safer|cheaper|stronger|more|less|rather)\b", re.IGNORECASE)
"""What compares the old topic with what is named."""
CLOSING = re.compile(
    r"(?<![\s?!.,;:])[\s?!.,;:]*(?:\b(?:then|instead|too|as well|please|though)\b[\s?!.,;:]*)*$", re.IGNORECASE
)
"""What ends an elliptical question behind the topic that it names; a run of marks is looked at once, from its start."""
PLEONASTIC_IT = re.compile(
    r"\b(?:is|was|would|will|can|could|might|isnt|be)\s+it\s+(?:\w+\s+){1,4}?(?:to|that)\s+\w+"
    r"|\bdoes\s+it\s+(?:take|hurt|help|matter|mean|make sense)\s+(?:to|for|if|when|that|before|until)\b"
    r"|\bit(?:'s|’s| is| was)?\s+(?:\w+\s+){1,3}?(?:when|if|that|to)\b|\bit\s+(?:seems|turns out)\b"
    r"|\bit\s+(?:be\s+)?the\s+same\b",
    re.IGNORECASE,
)
"""An "it" that stands for nothing: "is it safe to …", "does it hurt to …", "how long does it take until …"."""
ANAPHOR = re.compile(
    r"\b(?:it|its|they|them|their)\b|\b(?:he|she|him|his|her)\b"
    r"|(?:\b(?:for|about|after|before|with|like|of|than|by|from|does|is|was|would|will|could|can|did|do)\s+)"
    r"(?:that|this|these|those)\b(?!\s+(?:i|you|we|the|my|a|an)\b)|^\W*(?:that|this|these|those)\b"
    r"|\b(?:the|this|that|these|those)\s+(?:surgery|operation|procedure|treatment|condition|disease|medicine|medication|drug"
    r"|pills?|tablets?|injections?|shots?|cream|illness|infection|problem)\b"
    r"|\b(?:afterwards?|beforehand)\b",
    re.IGNORECASE,
)
"""What may stand for something that was named before."""
PERSONAL_PRONOUNS = frozenset(("he", "she", "him", "his", "her"))
NAMING = re.compile(
    r"\b(?:symptoms?|signs?|causes?|caused|treatments?|treat|treating|risks?|effects?|cost|recovery|diagnosis|prevention|prevent"
    r"|cure|remed(?:y|ies)|what(?:'s|’s| is| are)|i have|i had|has|having|diagnosed with|who gets)"
    r"\s+(?:(?:of|for|after|from|with|against)\s+)?(?:(?:a|an|the|my)\s+)?([^\W_]+)",
    re.IGNORECASE,
)
"""What comes after these words is what a question is about, if the corpus seldom has it."""
SYNDROME = re.compile(
    r"\b([^\W_]+(?:['’]s)?)\s+(?:syndrome|disease|disorder|deficiency|fever|cancer|implants?)\b", re.IGNORECASE
)
"""What comes before these words is the name of a condition."""
_PRONOUN = re.compile(r"\b(?:it|they|them)\b", re.IGNORECASE)
QUESTION_WORD = re.compile(
    r"(?:what|why|when|where|who|how|which|is|are|can|could|does|do|should|will|would|i|my)\b", re.IGNORECASE
)
"""The beginning of a question that has a verb or asks something of its own."""
TAKEN_FOR = re.compile(r"\b(?:for|against)\s+\w+$", re.IGNORECASE)
"""A pronoun at the end that stands for what a drug is taken for: "an antibiotic for that"."""
_INTENTS: tuple[tuple[str, str], ...] = (
    (r"side effects?", "What are the side effects of {}?"),
    (r"contagious|catching|catch|infectious|spread", "Is {} contagious?"),
    (r"cost|price|expensive|pay|insurance", "How much does {} cost?"),
    (r"recover\w*|downtime|heal(?:s|ing)?", "How long is the recovery after {}?"),
    (r"symptoms?|signs?|look like|feel like", "What are the symptoms of {}?"),
    (r"how long|last|lasts", "How long does {} last?"),
    (r"hurts?|painful|pain", "Is {} painful?"),
    (r"scars?|scarring", "Does {} leave scars?"),
    (r"risks?|complications?", "What are the risks of {}?"),
    (r"safe|safely|dangerous|harmful", "Is {} safe?"),
    (r"prevent\w*|avoid", "How can {} be prevented?"),
    (r"eat|foods?|diet", "What diet helps with {}?"),
    (r"diagnos\w+|tests?|tested|how (?:do|can|would|will) i (?:know|tell)", "How is {} diagnosed?"),
    (r"dose|dosage|how (?:many|often)", "How often should {} be taken?"),
    (r"treat\w*|cures?|remed\w+|get rid|helps?|relie\w+", "How is {} treated?"),
    (r"causes?|caused|causing|why|reasons?|triggers?|brings?", "What causes {}?"),
    (r"permanent\w*|come back|return|forever|reversible", "Is {} permanent?"),
)
"""What a cue asks of a topic, as the question that asks it in full; the first that fits counts."""


@cache
def _intents() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b(?:{cue})\b"), template) for cue, template in _INTENTS)


def intent_template(question: str) -> str | None:
    """The full question that asks of any topic, {}, what this one asks; None where that cannot be told."""
    lowered = question.lower()
    return next((template for cue, template in _intents() if cue.search(lowered)), None)


def without_opening(question: str) -> str:
    """The question without what joins it to the one before: "and what about", "for"."""
    return FOR.sub("", OPENING.sub("", CONNECTIVE.sub("", question)))


def named_topic(question: str) -> str | None:
    """What an elliptical question names: "and for a slipped disc then?" → "a slipped disc"; None after "the same"."""
    if SAME.search(question):
        return None
    return CLOSING.sub("", without_opening(question)).strip() or None


def with_topic(question: str, topic: str) -> str:
    """The question with the topic in the place of its pronoun, else behind it in brackets."""
    rest = CONNECTIVE.sub("", question)
    pronoun = _PRONOUN.search(rest)
    if pronoun and not PLEONASTIC_IT.search(rest):
        return f"{rest[: pronoun.start()]}{topic}{rest[pronoun.end() :]}"
    return f"{rest} ({topic})"
