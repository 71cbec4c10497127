"""How English leans on what was said before: the patterns that follow-ups are known by."""

import re

RESET = re.compile(
    r"\b(?:different|another|new|unrelated|other) (?:question|topic|subject|matter)\b|\bsomething (?:else|different)\b"
    r"|\bforget (?:that|it|about)\b|\bchange (?:of )?(?:the )?(?:topic|subject)\b",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^\W*(?:(?:thanks|thank you|thx|ok|okay|great|i see|alright|all right|hm+|oh|well|got it|good|right|yes|no"
    r"|sorry)\b\W*)+",
    re.IGNORECASE,
)
JOINED = re.compile(r"^\W*(?:(?:and|but|or|so|then|also|plus)\b\W*)+", re.IGNORECASE)
OPENING = re.compile(r"^\W*(?:what|how) about\b\W*(?:having |getting |taking |using )?", re.IGNORECASE)
SAME = re.compile(r"\b(?:the )?same\b|\balso (?:true|apply)\b", re.IGNORECASE)
FOR = re.compile(r"^(?:for|in case of)\s+", re.IGNORECASE)
ADDED = re.compile(r"^(?:with|without|while|during|after|before|if|when|in|on|at|as)\b", re.IGNORECASE)
COMPARED = re.compile(r"\b(?:compare[sd]?|better|worse|safer|cheaper|stronger|more|less|rather)\b", re.IGNORECASE)
ENDING = re.compile(r"[\s?!.,;:]*(?:\b(?:then|instead|too|as well|please|though)\b[\s?!.,;:]*)*$", re.IGNORECASE)
# "it" that stands for nothing: "is it safe to …", "does it hurt to …", "how long does it take until …".
EMPTY_IT = re.compile(
    r"\b(?:is|was|would|will|can|could|might|isnt|be)\s+it\s+(?:\w+\s+){1,4}?(?:to|that)\s+\w+"
    r"|\bdoes\s+it\s+(?:take|hurt|help|matter|mean|make sense)\s+(?:to|for|if|when|that|before|until)\b"
    r"|\bit(?:'s|’s| is| was)?\s+(?:\w+\s+){1,3}?(?:when|if|that|to)\b|\bit\s+(?:seems|turns out)\b"
    r"|\bit\s+(?:be\s+)?the\s+same\b",
    re.IGNORECASE,
)
REFERRING = re.compile(
    r"\b(?:it|its|they|them|their)\b|\b(?:he|she|him|his|her)\b"
    r"|(?:\b(?:for|about|after|before|with|like|of|than|by|from|does|is|was|would|will|could|can|did|do)\s+)"
    r"(?:that|this|these|those)\b(?!\s+(?:i|you|we|the|my|a|an)\b)|^\W*(?:that|this|these|those)\b"
    r"|\b(?:the|this|that|these|those)\s+(?:surgery|operation|procedure|treatment|condition|disease|medicine|medication|drug"
    r"|pills?|tablets?|injections?|shots?|cream|illness|infection|problem)\b"
    r"|\b(?:afterwards?|beforehand)\b",
    re.IGNORECASE,
)
PERSON_WORDS = frozenset(("he", "she", "him", "his", "her"))
# What comes after these words is what a question is about, if the corpus seldom has it.
NAMING = re.compile(
    r"\b(?:symptoms?|signs?|causes?|caused|treatments?|treat|treating|risks?|effects?|cost|recovery|diagnosis|prevention|prevent"
    r"|cure|remed(?:y|ies)|what(?:'s|’s| is| are)|i have|i had|has|having|diagnosed with|who gets)"
    r"\s+(?:(?:of|for|after|from|with|against)\s+)?(?:(?:a|an|the|my)\s+)?([^\W_]+)",
    re.IGNORECASE,
)
ENDED = re.compile(
    r"(?:itis|osis|iasis|oma|emia|aemia|pathy|algia|ectomy|plasty|otomy|ostomy|oscopy|plegia|uria|penia|cillin|mycin|azole"
    r"|statin|pril|sartan|olol|oxacin|prazole|cycline|caine|zepam|zolam|triptan|gliptin|gliflozin|glutide|mab|tinib|vir)s?$"
)
SYNDROME = re.compile(
    r"\b([^\W_]+(?:['’]s)?)\s+(?:syndrome|disease|disorder|deficiency|fever|cancer|implants?)\b", re.IGNORECASE
)
WANTED: tuple[tuple[str, str], ...] = (
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
