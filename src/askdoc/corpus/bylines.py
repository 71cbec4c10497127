"""Reads the lines in which a page names the doctor of an answer."""

import re

from askdoc.models import Author

STARS = re.compile(
    r"\s*(?P<rating>[0-5](?:\.\d{1,2})?)\s+out\s+of\s+5\s+stars?(?:[\s,·(]*(?P<count>\d{1,3}(?:,?\d{3})*)\s+reviews?\)?)?\s*"
    r"|\s*(?P<only>\d{1,3}(?:,?\d{3})*)\s+reviews?\s*",
    re.IGNORECASE,
)
CREDENTIALS = re.compile(
    r",\s*(?:M\.?D|D\.?O|D\.?D\.?S|D\.?M\.?D|Ph\.?\s?D|Psy\.?D|Pharm\.?D|D\.?P\.?M|O\.?D|N\.?P|P\.?A(?:-C)?|R\.?N|MBBS"
    r"|FACS|FRCS|FAAD|LCSW|LMFT|LPC|MSW|MSc?|MA|MPH)\b\.?",
)
HONORIFIC = re.compile(r"(?:Dr|Prof)\.?\s+\S|Doctor\s+[A-Z]")
ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b(?:Ph|Psy|Pharm)\.D\.|\b(?:Inc|Jr|Sr|St|Dr)\.)$")
MOST_LINES = 3
LONGEST_LINE = 80

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
_FIELD = re.compile(
    r"Demonstration answer, (?P<own>\S.*?)\s*$"
    r"|,\s*(?P<field>(?:[A-Z][a-z]+ (?:and )?)?[A-Za-z]*(?:ology|iatry|iatrics|surgery|dentistry|medicine|pharmacy|"
    r"orthopedics|orthopaedics|nursing|nutrition|orthodontics))\s*$",
    re.IGNORECASE,
)
# A place is a row of capitalised words; these, or words that end like adjectives, may qualify a doctor instead.
_NO_PLACE = re.compile(
    r"\b(?:Board|Chief|Senior|Junior|Consultant|Consulting|Lead|Head|Hospital|Clinic|Center|Centre|University|Facial"
    r"|Professor|Assistant|Associate|Resident|Retired|Staff|Attending|Hand|Hair|Skin|Spine|Laser|Sports|Pain|Family"
    r"|Licensed|Primary|Care|Demonstration|Answer|Doctor|Medicine|and|of|the|Top|Best|Expert)\b"
    r"|(?:ic|al|ed|ive|ary|logy|ics)\b",
)


def could_be_line(line: str) -> bool:
    """Whether a line could name or describe a doctor: short, and not a sentence."""
    text = line.strip()
    if not text or len(text) > LONGEST_LINE or not any(letter.isalpha() for letter in text):
        return False
    return not re.search(r"[.?!:;,…]$", text) or bool(ABBREVIATION.search(text))


def weight(block: str) -> float | None:
    """How much a block of lines looks like a doctor's; None where it cannot be one."""
    lines = block.strip().split("\n")
    stars = len(lines) > 1 and bool(STARS.fullmatch(lines[-1]))
    named = lines[:-1] if stars else lines
    if len(named) > MOST_LINES or not all(could_be_line(line) for line in named) or STARS.fullmatch(lines[0]):
        return None
    credited = any(CREDENTIALS.search(line) or HONORIFIC.match(line.strip()) for line in named)
    titled = any(_PROFESSION.search(line) or _FIELD.search(line) for line in named)
    known = (6.0 if credited else 0.0) + (5.0 if titled else 0.0)
    return known + (10.0 if stars else 0.0) - (0.0 if known or stars else 4.0) - (0.5 if len(named) > 2 else 0.0)


def read(block: str) -> Author:
    """The doctor that a block of one to three lines names, with stars if they follow."""
    lines = [line.strip() for line in block.strip().split("\n")]
    stars = STARS.fullmatch(lines[-1]) if len(lines) > 1 else None
    named = lines[:-1] if stars else lines
    if len(named) > 1:
        name, title = named[0], named[1]
    elif _is_name(named[0]):
        name, title = named[0], None
    else:
        name, title = None, named[0]
    specialty, location = _certain(title) if title else (None, None)
    return Author(
        name=name,
        title=title,
        specialty=specialty,
        location=named[2] if len(named) > 2 else location,
        rating=float(stars["rating"]) if stars and stars["rating"] else None,
        review_count=int((stars["count"] or stars["only"]).replace(",", ""))
        if stars and (stars["count"] or stars["only"])
        else None,
    )


def _is_name(line: str) -> bool:
    if CREDENTIALS.search(line) or HONORIFIC.match(line):
        return True
    words = line.split()
    return (
        2 <= len(words) <= 4
        and not _PROFESSION.search(line)
        and "," not in line
        and all(re.fullmatch(r"[A-Z][\w.'’\-]*", word) for word in words)
    )


def _certain(title: str) -> tuple[str | None, str | None]:
    """Specialty and location of a title, each only where the wording leaves no doubt."""
    if in_field := _FIELD.search(title):
        return in_field["own"] or in_field["field"], None
    found = _PROFESSION.search(title)
    if not found:
        return None, None
    place = title[: found.start()].strip().rstrip(",")
    is_place = bool(re.fullmatch(r"[A-Z][\w.'’\-]*(?:,? [A-Z][\w.'’\-]*){0,4}", place)) and not _NO_PLACE.search(place)
    return found[1], place if is_place else None
