"""The table of boilerplate: every kind has its reason."""

from askdoc.corpus.text_page.lines import boilerplate_table


def test_every_kind_has_its_reason() -> None:
    """The list says of each kind why it is there, and the corpus notes show every kind."""
    assert all(kind.name and kind.why for kind in boilerplate_table.TABLE)
