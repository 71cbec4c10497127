"""The weights that add up to the score of a candidate byline, and the thresholds that scores are held against.

A block's score is the sum of what its lines say (``lines.byline_score``) and where it stands
(``segmentation.scored_blocks``). Higher is surer; below 0 the block looks like any other short line. The values were
set by hand, so that their sums stand in the order which the reasons below give; none was fitted.
"""

# What the lines of a block say.
CREDENTIALS = 6.0
"""A name with a degree or a form of address. Doctors sign so and name colleagues so: not ``STRONG`` by itself."""
LOCATED_TITLE = 10.0
"""A title with its place, ``Springfield Dermatologist``: hardly ever found within a text, so ``STRONG`` by itself."""
TITLE = 5.0
"""A title without a place, ``Dermatologist``: it may be a heading. ``LIKELY`` by itself, ``STRONG`` with a name."""
PROFESSION = 3.0
"""A line that merely ends in a profession, in words that are not written as a title: less than ``LIKELY``."""
RATING = 10.0
"""A rating below a name or a title: nobody types stars into a text, so it is ``STRONG`` whatever stands above it."""
RATING_ALONE = 4.0
"""A rating below lines that are neither: more than none of it, less than ``LIKELY``."""
THIRD_LINE = -0.5
"""A third line without a rating: rarer than two lines, so that of two equal candidates the shorter one is taken."""
NO_EVIDENCE = -4.0
"""Nothing but the form: short lines like any others, which only the counter can speak for."""
DEMONSTRATION = 12.0
"""The title of the project's own demonstration pages: it stands nowhere else, so it is above ``STRONG`` by itself."""

# Where a block stands.
BEFORE_NEXT_ANSWER = 4.0
"""Right above a vote line or a headline with one, or above nothing but what closes the page: where a byline stands."""
ABOVE_LAST_BLOCK = 2.0
"""Above the last block of the page, which may be its closing words."""
ABOVE_HEADING = 1.0
"""Above a short line that may be the next answer's headline, or a subheading."""
TEXT_BELOW = -6.0
"""The last answer's byline with text below that does not close the page: more than any difference of place."""

# What scores are held against.
STRONG = 10.0
"""From here on there is no reasonable doubt: a title with a place, a name with a title, or a rating below either."""
LIKELY = 5.0
"""From here on a block is taken for a byline where nothing speaks against it, and reported if it is read as text."""
MARGIN = 3.0
"""How far a candidate must stay below the weakest byline to be read as text."""
