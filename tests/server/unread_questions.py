"""Questions in languages that are not read."""

GERMAN = "Welche Salbe hilft bei trockener Haut?"
ARABIC = "ما هو أفضل كريم للبشرة الجافة"
