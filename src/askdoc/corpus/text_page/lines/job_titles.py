"""Recognises a doctor's title in a line: ``Springfield Dermatologist``, a profession with its place."""

import re

from askdoc.corpus.text_page.lines.line_shape import LONGEST_BYLINE_LINE, contains_prose_word, is_title_case
from askdoc.corpus.text_page.lines.person_names import has_credentials
from askdoc.text import plain

# What a doctor's title may end in. The longest phrases come first, so that "Plastic Surgeon" wins over "Surgeon".
_PROFESSIONS = tuple(
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
    r"\b(" + "|".join(re.escape(phrase.strip()) for phrase in _PROFESSIONS) + r")\s*$", re.IGNORECASE
)
# The form in which the project's own demonstration pages name a field of medicine.
_DEMONSTRATION = re.compile(r"Demonstration answer, (?P<field>\S.*?)")
# A field of medicine after a comma ("Staff, Family medicine"), known by how the names of such fields end.
_STAFF = re.compile(
    r"[A-Z][^,]*,\s*(?P<field>(?=[A-Z])(?:[A-Z][a-z]+ (?:and )?)?[A-Za-z]*(?:ology|iatry|iatrics|[Ss]urgery|dentistry"
    r"|[Mm]edicine|[Pp]harmacy|orthop(?:a)?edics|[Nn]ursing|[Nn]utrition|orthodontics|Dentistry|Orthop(?:a)?edics"
    r"|Orthodontics))"
)
# Professions that name no specialty.
_UNSPECIALISED = {"physician", "doctor", "specialist"}
# A place is a row of capitalised words. These, and words that end like adjectives, may qualify the doctor instead.
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
_MOST_WORDS = 10
"""Words in the longest title."""


def is_title(line: str) -> bool:
    """Whether a line is a doctor's title: ``Springfield Dermatologist``, and not ``See a Dermatologist``."""
    text = plain(line)
    if len(text) > LONGEST_BYLINE_LINE or has_credentials(text):
        return False
    if _DEMONSTRATION.fullmatch(text) or _STAFF.fullmatch(text):
        return True
    words = text.replace(",", " ").split()
    return (
        ends_in_profession(text)
        and len(words) <= _MOST_WORDS
        and is_title_case(words)
        and not contains_prose_word(text)
    )


def is_located_title(line: str) -> bool:
    """Whether a line is a doctor's title that names the place, too."""
    return is_title(line) and specialty_and_location(line)[1] is not None


def is_demonstration_title(line: str) -> bool:
    """Whether a line is a title as the project's own demonstration pages write it."""
    return bool(_DEMONSTRATION.fullmatch(line))


def ends_in_profession(text: str) -> bool:
    """Whether the last words of a text name a doctor's profession."""
    return bool(_PROFESSION.search(text))


def specialty_and_location(title: str) -> tuple[str | None, str | None]:
    """Specialty and location of a title, each only where the wording leaves no doubt."""
    if match := _DEMONSTRATION.fullmatch(title.strip()) or _STAFF.fullmatch(title.strip()):
        return match["field"], None
    match = _PROFESSION.search(title)
    if not match:
        return None, None
    place = title[: match.start()].strip().rstrip(",")
    specialty = None if match[1].casefold() in _UNSPECIALISED else match[1]
    return specialty, place if is_place(place) and not contains_prose_word(place) else None


def is_place(text: str) -> bool:
    """Whether a text can be nothing but a place: capitalised words, none of which qualifies a doctor."""
    return bool(_PLACE.fullmatch(text)) and not _NO_PLACE.search(text) and not ends_in_profession(text)
