"""Pages of short answers, on which something may speak against a reading."""

from tests.corpus.text_page.bylines import CLOSING

FIRST, SECOND, THIRD = "It fades within 12 days.", "Cold slows the swelling.", "Arnica did nothing in trials."


def bruise_page(*blocks: str, claimed: int = 2, closing: str | None = CLOSING) -> str:
    return "\n\n".join(["How long?", f"Doctor Answers {claimed}", *blocks, *([closing] if closing else [])])


LONG, LONGER = f"{FIRST} I see it every week.", f"{SECOND} It helps nearly everybody."
