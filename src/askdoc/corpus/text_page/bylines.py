"""Reads the lines in which a page names the doctor of an answer."""

import re

from askdoc.models import Author
from askdoc.text import is_blank, plain, without_marks

_RATING = r"(?P<{}>5(?:[.,]0{{1,2}})?|[0-4](?:[.,]\d{{1,2}})?)(?!\d)"
_REVIEWS = (
    r"[\s,·•|:–—-]*\(?\s*(?:(?:based\s+on|from)\s+)?(?P<{}>\d{{1,3}}(?:,?\d{{3}})*)\s*"
    r"(?:(?:patient|verified)\s+)?(?:reviews?|ratings?)\s*\)?"
)
_STAR = "[★☆⭐✩✪🌟✰⯪½]"
STARS = re.compile(
    r"\s*(?:"
    rf"(?:(?:overall\s+)?(?:rating|rated):?\s*)?{_RATING.format('rating')}\s+out\s+of\s+5(?:\s+stars?)?(?:{_REVIEWS.format('count')})?"
    rf"|(?:overall\s+)?rating:?\s*{_RATING.format('rated')}(?:\s*(?:/|of)\s*5)?(?:\s+stars?)?(?:{_REVIEWS.format('rated_by')})?"
    rf"|{_RATING.format('of')}\s*(?:/|of)\s*5(?:\s+stars?)?{_REVIEWS.format('of_by')}"
    rf"|{_RATING.format('scale')}\s*(?:/|of)\s*5\s+stars?|(?P<scaled>[0-4][.,]\d{{1,2}}|5[.,]0{{1,2}})\s*(?:/|of)\s*5"
    rf"|(?P<row>{_STAR}(?:\s?{_STAR}){{0,5}})(?:\s*{_RATING.format('row_rating')}(?:\s*/\s*5)?)?"
    rf"(?:{_REVIEWS.format('row_by')}|\s*\((?P<row_count>\d{{1,3}}(?:,?\d{{3}})*)\))?"
    rf"|{_RATING.format('starred')}\s*(?:/\s*5\s*)?{_STAR}{{1,5}}(?:{_REVIEWS.format('starred_by')}"
    r"|\s*\((?P<starred_count>\d{1,3}(?:,?\d{3})*)\))?"
    rf"|{_RATING.format('bare')}(?:\s+stars?)?(?=\s*\(|\s+[·•|–—\d-]){_REVIEWS.format('bare_by')}"
    r"|\(?(?:no|not yet)\s+(?:reviews?|ratings?|rated)(?:\s+yet)?\)?"
    r"|\(?(?P<only>\d{1,3}(?:,?\d{3})*)\s+(?:(?:patient|verified)\s+)?(?:reviews?|ratings?)\)?"
    rf")(?:\s*{_STAR})*\s*",
    re.IGNORECASE,
)
# A line that means stars in a form that is not known: no name, no title, and no number that could be relied on.
_STARLIKE = re.compile(
    rf"[\d{_STAR[1:-1]}(](?=.*(?:{_STAR}|\bstars?\b|\breviews?\b|\bratings?\b|\bout of 5\b)).{{0,40}}", re.IGNORECASE
)
_RATINGS = ("rating", "rated", "of", "scale", "scaled", "row_rating", "starred", "bare")
_COUNTS = ("count", "rated_by", "of_by", "row_by", "row_count", "starred_by", "starred_count", "bare_by", "only")
_DEGREE = (
    r"(?:M\.?\s?D|D\.?O|D\.?D\.?S|D\.?M\.?D|Ph\.?\s?D|Psy\.?D|Pharm\.?D|D\.?P\.?M|O\.?D|N\.?P|P\.?A(?:-C)?|R\.?N|MBBS"
    r"|MBChB|FACS|FRCS|FAAD|LCSW|LMFT|LPC|MSW|MSc?|MA|MPH)\b\.?"
)
_EMOJI = "[\\s\u200d\u2600-\u27bf\U0001f000-\U0001faff]+"
_CREDITED = re.compile(rf"(?P<name>[^,]{{2,60}}),\s*{_DEGREE}(?:[\s,/&]+{_DEGREE})*(?:\s*[,(|/–-].*|{_EMOJI})?")
_CREDITED_BARE = re.compile(
    r"(?P<name>[^,]{5,60}?)\s+(?:M\.?D|D\.?O|D\.?D\.?S|D\.?M\.?D|MBBS|MBChB)\.?(?:,.*|" + _EMOJI + ")?"
)
_HONORED = re.compile(r"(?:Dr|Prof)\.?\s+(?P<name>[^,]{2,60})(?:,.*)?")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b(?:Ph|Psy|Pharm)\.\s?D\.|\b(?:Inc|Jr|Sr|St|Dr)\.)$")
_SENTENCE_END = re.compile(r"[.?!:;,…。！？；：，、؟؛।]$")
_BULLET = re.compile(r"[-*•·–—]\s|\(?\d{1,3}[.)]\s")
# Small words that stand inside names and titles, and words that stand in headings but never in either.
_JOINING = re.compile(r"van|von|der|den|de|del|della|di|da|la|le|du|bin|ibn|ben|al|el|of|and|&|in|at|for|/|-|–|y|e")
_HEADING = re.compile(
    r"\b(?:an?|the|to|is|are|was|be|do|does|did|can|should|would|must|i|you|your|my|our|his|her|their|me|it"
    r"|when|why|how|what|who|where|which|if|not?|see|call|ask|talk|find|choose|choosing|finding|seeing|visit|consult"
    r"|need|get|trust|any|another|other|every|good|right|dear|hi|hello|thanks|thank|best|regards|with|from|before"
    r"|after|during|about|this|that|these|those|here|there|now|more)\b",
    re.IGNORECASE,
)
_WITH_DEGREE = re.compile(rf",\s*{_DEGREE}(?:[\s,]+{_DEGREE})*$")
# So many letters at a paragraph's end can hold a doctor's lines.
_TAIL = 200
MOST_LINES = 3
LONGEST_LINE = 120
STRONG = 10.0
"""A weight that leaves no reasonable doubt: a title with a place, a name with a title, or stars under either."""

# What a doctor's title may end in; longer phrases come first so that "Plastic Surgeon" wins over "Surgeon".
PROFESSIONS = tuple(
    sorted(
        """
        Physician|Doctor|Surgeon|Plastic Surgeon|Facial Plastic Surgeon|Oculoplastic Surgeon|Cosmetic Surgeon
        |General Surgeon|Vascular Surgeon|Orthopedic Surgeon|Orthopaedic Surgeon|Oral Surgeon|Hand Surgeon
        |Oral and Maxillofacial Surgeon|Maxillofacial Surgeon|Bariatric Surgeon|Hair Restoration Surgeon
        |Dermatologist|Dermatologic Surgeon|Pediatric Dermatologist|Dentist|Cosmetic Dentist|Pediatric Dentist
        |Orthodontist|Periodontist|Endodontist|Prosthodontist|Cardiologist|Neurologist|Oncologist|Urologist
        |Gastroenterologist|Endocrinologist|Rheumatologist|Nephrologist|Pulmonologist|Allergist|Immunologist
        |Gynecologist|Obstetrician|Obstetrician and Gynecologist|OB/GYN|Pediatrician|Psychiatrist|Psychologist
        |Ophthalmologist|Optometrist|Otolaryngologist|ENT Doctor|Radiologist|Anesthesiologist|Pathologist|Podiatrist
        |Family Physician|Family Doctor|Family Medicine Physician|General Practitioner|Internist
        |Emergency Physician|Emergency Medicine Physician|Primary Care Physician|Naturopathic Doctor|Chiropractor
        |Physical Therapist|Physiotherapist|Therapist|Counselor|Counsellor|Social Worker|Nurse|Nurse Practitioner
        |Registered Nurse|Physician Assistant|Pharmacist|Midwife|Dietitian|Nutritionist|Specialist
        """.replace("\n", " ").split("|"),
        key=lambda phrase: -len(phrase.strip()),
    )
)
_PROFESSION = re.compile(
    r"\b(" + "|".join(re.escape(phrase.strip()) for phrase in PROFESSIONS) + r")\s*$", re.IGNORECASE
)
# Fields as they stand after a comma ("Staff, Family medicine"), known by how such words end; the project's own
# demonstration pages name theirs in one fixed form.
_OWN = re.compile(r"Demonstration answer, (?P<field>\S.*?)")
_FIELD = re.compile(
    r"[A-Z][^,]*,\s*(?P<field>(?=[A-Z])(?:[A-Z][a-z]+ (?:and )?)?[A-Za-z]*(?:ology|iatry|iatrics|[Ss]urgery|dentistry"
    r"|[Mm]edicine|[Pp]harmacy|orthop(?:a)?edics|[Nn]ursing|[Nn]utrition|orthodontics|Dentistry|Orthop(?:a)?edics"
    r"|Orthodontics))"
)
# Not fields of medicine: nothing to find a doctor by.
_ANY_DOCTOR = {"physician", "doctor", "specialist"}
# A place is a row of capitalised words; these, or words that end like adjectives, may qualify a doctor instead.
_NO_PLACE = re.compile(
    r"\b(?:Board|Chief|Senior|Junior|Consultant|Consulting|Lead|Head|Hospital|Clinic|Center|Centre|University|Facial"
    r"|Professor|Assistant|Associate|Resident|Retired|Staff|Attending|Hand|Hair|Skin|Spine|Laser|Sports|Pain|Family"
    r"|Licensed|Primary|Care|Demonstration|Answer|Doctor|Medicine|and|of|the|Top|Best|Expert|Eye|Ear|Nose|Throat|Foot"
    r"|Ankle|Knee|Hip|Shoulder|Heart|Brain|Breast|Lip|Palate|Face|Neck|Body|Jaw|Tooth|Teeth|Gum|Mouth|Bone|Joint|Nerve"
    r"|Vein|Blood|Lung|Liver|Kidney|Cancer|Tumor|Tumour|Trauma|Burn|Wound|Transplant|Implant|Reconstruction|Mohs|Sleep"
    r"|Fertility|Weight|Loss|Obesity|Diabetes|Allergy|Asthma|Arthritis|Headache|Migraine|Stroke|Sinus|Voice|Baby|Child"
    r"|Children|Women|Men|Health|Wellness|Beauty|Makeover|Celebrity|Holiday|Travel|Army|Navy|Military|Veteran|Emergency"
    r"|Massage|Speech|Art|Music|Marriage|Couples|School|Community|Research|Night|Trainee"
    r"|Student|Intern|Fellow|Director|Owner|Founder|Partner|Verified|Featured|Guest|Our|Certified)\b"
    r"|(?:ic|al|ed|ive|ary|logy|ics|['’]s)\b",
)
_PLACE = re.compile(r"[A-Z][\w.'’\-]*(?:,? [A-Z][\w.'’\-]*){0,4}")


def is_stars(line: str) -> bool:
    """Whether a line holds a doctor's stars, reviews, or both, in one of the forms that sites use."""
    return len(line) <= LONGEST_LINE and bool(STARS.fullmatch(plain(line)))


def is_starlike(line: str) -> bool:
    """Whether a line means stars: in a form that is known, or in one that tells no number for certain."""
    return is_stars(line) or bool(_STARLIKE.fullmatch(plain(line)))


def could_be_line(line: str) -> bool:
    """Whether a line could name or describe a doctor: short, no item of a list, and not a sentence."""
    text = plain(line)
    if not text or len(text) > LONGEST_LINE or not any(letter.isalpha() for letter in text) or _BULLET.match(text):
        return False
    return not _SENTENCE_END.search(text) or bool(_ABBREVIATION.search(text))


def is_credited(line: str) -> bool:
    """Whether a line is a name with a doctor's degree or form of address: ``Jane Roe, MD``, ``Dr. Roe``."""
    text = plain(line)
    if len(text) > LONGEST_LINE:
        return False
    if full := _CREDITED.fullmatch(text):
        return _like_name(full["name"], fewest=1, most=6, degree=True)
    if bare := _CREDITED_BARE.fullmatch(text):
        return _like_name(bare["name"], fewest=2, most=4, degree=True)
    honored = _HONORED.fullmatch(text)
    return bool(honored) and _like_name(honored["name"] if honored else "", fewest=1, most=4)


def has_degree(line: str) -> bool:
    """Whether a line is a full name with a degree: more than how a doctor signs."""
    return is_credited(line) and not _HONORED.fullmatch(plain(line))


def is_title(line: str) -> bool:
    """Whether a line is a doctor's title: ``Springfield Dermatologist``, and not ``See a Dermatologist``."""
    text = plain(line)
    if len(text) > LONGEST_LINE or is_credited(text):
        return False
    if _OWN.fullmatch(text) or _FIELD.fullmatch(text):
        return True
    words = text.replace(",", " ").split()
    return bool(_PROFESSION.search(text)) and len(words) <= 10 and _capitalised(words) and not _HEADING.search(text)


def is_certain(line: str) -> bool:
    """Whether a line hardly is anything else: a name with a degree, a title with its place, the project's own form."""
    return has_degree(line) or bool(_OWN.fullmatch(plain(line))) or (is_title(line) and _certain(line)[1] is not None)


def is_like_name(line: str) -> bool:
    """Whether a line has the form of a name, in any script: two to four capitalised words, and nothing else."""
    text = plain(line)
    return _like_name(text, fewest=2, most=4) or (_like_name(text, fewest=1, most=1) and _uncased(text))


def is_titled(block: str) -> bool:
    """Whether a doctor's lines hold more than a name: a title, a profession, or stars."""
    lines = _lines(block)
    return any(is_title(line) or is_stars(line) or _is_loose_title(line) for line in lines)


def has_stars(block: str) -> bool:
    """Whether a doctor's lines end in stars."""
    return is_stars(block.rsplit("\n", 1)[-1])


def is_whole(block: str) -> bool:
    """Whether lines are all that a site shows of a doctor: a title or a name with stars, or both without."""
    lines = _lines(block)
    return has_stars(block) or (any(map(is_title, lines)) and any(map(has_degree, lines)))


def ends_in_doctor(text: str) -> bool:
    """Whether a paragraph ends in all that a site shows of a doctor: a degree or a profession, then stars."""
    words = plain(text[-_TAIL:]).split()
    for n in range(1, min(9, len(words))):
        above = " ".join(words[:-n])
        if is_stars(" ".join(words[-n:])) and (_PROFESSION.search(above) or _WITH_DEGREE.search(above)):
            return "\n" not in text.strip()
    return False


def _is_loose_title(line: str) -> bool:
    return not is_credited(line) and bool(_PROFESSION.search(plain(line))) and not _HEADING.search(plain(line))


def same_doctor(one: Author, other: Author) -> bool:
    """Whether two doctors' lines may name one person: Dr. Roe and Jane Roe, MD; a title with and without stars."""
    if one.name and other.name:
        return _same_name(_name_words(one.name), _name_words(other.name))
    if not one.title or not other.title or one.title.casefold() != other.title.casefold() or _OWN.fullmatch(one.title):
        return False
    if one.name or other.name:
        return True
    shown, others = (one.rating, one.review_count), (other.rating, other.review_count)
    return shown == others or (None, None) in (shown, others)


def surname(author: Author) -> str | None:
    """The last word of a doctor's name without degrees, to compare by; None where there is no name."""
    words = _name_words(author.name or "")
    return words[-1] if words else None


def _name_words(name: str) -> list[str]:
    bare = re.sub(r"^(?:Dr|Prof)\b\.?\s*", "", plain(name), flags=re.IGNORECASE).split(",")[0]
    bare = re.sub(rf"\s+{_DEGREE}$|{_EMOJI}$|\s+(?:Jr|Sr)\.?$", "", bare)
    return [word.strip(".").casefold() for word in re.split(r"[\s.]+", bare) if word.strip(".")]


def _same_name(one: list[str], other: list[str]) -> bool:
    if not one or not other or one[-1] != other[-1]:
        return False
    if len(one) == 1 or len(other) == 1:
        return True
    first, second = one[0], other[0]
    return first.startswith(second) or second.startswith(first)


def weight(block: str) -> float | None:
    """How much a block of lines looks like a doctor's; None where it cannot be one.

    Less than nothing: short lines like any others. From 3: lines that may be a doctor's. From ``STRONG``: lines
    that hardly are anything else.
    """
    lines = _lines(block)
    stars = len(lines) > 1 and is_stars(lines[-1])
    named = lines[:-1] if stars else lines
    if not 1 <= len(named) <= MOST_LINES or not all(could_be_line(line) for line in named):
        return None
    if any(map(is_stars, named)):
        return None
    if any(_OWN.fullmatch(line) for line in named):
        return STRONG + 2
    known = _known(named)
    if stars:
        return known + 10 if known or any(is_like_name(line) for line in named) else 4.0
    return known - 0.5 * (len(named) > 2) if known else -4.0


def _known(named: list[str]) -> float:
    credited = 6.0 if any(is_credited(line) for line in named) else 0.0
    if any(is_title(line) for line in named):
        placed = any(is_title(line) and _certain(line)[1] for line in named)
        return credited + (STRONG if placed else 5.0)
    loose = any(_PROFESSION.search(line) and not _HEADING.search(line) for line in named)
    return credited + (3.0 if loose and not credited else 0.0)


def beginning(lines: list[str]) -> int:
    """Where the doctor's lines begin among lines that end in stars: at the stars if nothing above them fits.

    A name is known by its form, save where it stands on the first of so few lines that no text is among them.
    """
    last = len(lines) - 1
    first = last
    while first > 0 and last - first < MOST_LINES and could_be_line(lines[first - 1]):
        first -= 1
    above = range(first, last)
    whole = first == 0 and last <= MOST_LINES
    for known in (has_degree, is_credited):
        if found := [n for n in above if known(lines[n])]:
            return found[-1] - (found[-1] > first and is_title(lines[found[-1] - 1]))
    if found := [n for n in above if is_title(lines[n])]:
        return found[-1] - (found[-1] > first and (whole or is_like_name(lines[found[-1] - 1])))
    if last > first and is_like_name(lines[last - 1]):
        return last - 1 - (last - 1 > first and is_like_name(lines[last - 2]))
    return first if whole else max(first, last - 1)


def tail(lines: list[str]) -> int | None:
    """Where a doctor's lines without stars begin at the end of others; None where none is certain enough."""
    if len(lines) > 1 and has_degree(lines[-2]) and is_title(lines[-1]):
        return len(lines) - 2
    after_text = len(lines) > 1 and not could_be_line(lines[-2])
    if not lines or not (is_certain(lines[-1]) or (after_text and is_title(lines[-1]))):
        return None
    whole = len(lines) == 2 and could_be_line(lines[0])
    named = len(lines) > 1 and (whole or is_like_name(lines[-2])) and is_title(lines[-1]) and not is_title(lines[-2])
    return len(lines) - 1 - named


def read(block: str) -> Author:
    """The doctor that a block of one to three lines names, with stars if they follow."""
    lines = _lines(block)
    stars = STARS.fullmatch(plain(lines[-1])) if len(lines) > 1 else None
    named = lines[:-1] if stars or (len(lines) > 1 and is_starlike(lines[-1])) else lines
    name, others = _parted(named)
    title = others[0] if others else None
    specialty, location = _certain(title) if title else (None, None)
    if len(others) > 1:
        if location is None and _is_place(others[1]):
            location = others[1]
        else:
            title = ", ".join(others)
    rating, count = _numbers(stars) if stars else (None, None)
    return Author(
        name=name,
        title=title,
        specialty=specialty,
        location=location,
        rating=rating,
        review_count=count,
    )


def _numbers(stars: re.Match[str]) -> tuple[float | None, int | None]:
    """The rating and the number of reviews that a line of stars tells."""
    given = next((stars[name] for name in _RATINGS if stars[name]), None)
    count = next((stars[name] for name in _COUNTS if stars[name]), None)
    rating = float(given.replace(",", ".")) if given else _drawn(stars["row"] or "")
    return rating, int(count.replace(",", "")) if count else None


def _drawn(row: str) -> float | None:
    """The rating that a row of drawn stars shows: the full ones of five, and half of one."""
    drawn = re.sub(r"\s", "", row)
    empty = sum(drawn.count(star) for star in "☆✩✰")
    half = drawn.count("½") + drawn.count("⯪")
    full = len(drawn) - empty - half
    slots = full + empty + drawn.count("⯪")
    return full + half / 2 if drawn and slots <= 5 and full + half / 2 <= 5 else None


def _parted(named: list[str]) -> tuple[str | None, list[str]]:
    """The name among a doctor's lines, and the others."""
    first = next((n for n, line in enumerate(named) if is_credited(line)), None)
    if first is None and is_like_name(named[0]) and not is_title(named[0]):
        first = 0
    if first is None and len(named) > 1 and not is_title(named[0]):
        first = 0  # the format puts the name first
    return (None, named) if first is None else (named[first], named[:first] + named[first + 1 :])


def _lines(block: str) -> list[str]:
    return [without_marks(line) for line in block.split("\n") if not is_blank(line)]


def _capitalised(words: list[str]) -> bool:
    """Whether words are written as in names and titles: none small but joining ones."""
    return (
        bool(words)
        and not words[0][0].islower()
        and all(not word[0].islower() or _JOINING.fullmatch(word) for word in words)
    )


def _like_name(text: str, *, fewest: int, most: int, degree: bool = False) -> bool:
    """Whether a text is written as a name. Before a degree, words that headings use too may be names: Hope, Do, An."""
    words = text.split()
    return (
        fewest <= len(words) <= most
        and _capitalised(words)
        and (degree or not any(_HEADING.fullmatch(word) for word in words))
        and not any(letter.isdigit() for letter in text)
        and all(word[0].isalpha() and not word.endswith(("'s", "’s")) for word in words)
        and all(letter.isalpha() or not letter.isascii() or letter in ".'-& " for letter in text)
    )


def _uncased(text: str) -> bool:
    return not any(letter.isupper() or letter.islower() for letter in text)


def _is_place(text: str) -> bool:
    return bool(_PLACE.fullmatch(text)) and not _NO_PLACE.search(text) and not _PROFESSION.search(text)


def _certain(title: str) -> tuple[str | None, str | None]:
    """Specialty and location of a title, each only where the wording leaves no doubt."""
    if in_field := _OWN.fullmatch(title.strip()) or _FIELD.fullmatch(title.strip()):
        return in_field["field"], None
    found = _PROFESSION.search(title)
    if not found:
        return None, None
    place = title[: found.start()].strip().rstrip(",")
    specialty = None if found[1].casefold() in _ANY_DOCTOR else found[1]
    return specialty, place if _is_place(place) and not _HEADING.search(place) else None
