"""Texts for the export of a small model."""

TYPICAL = (
    "Is the swelling under my jaw normal on day 4?",
    "My ear itches.",
    "The rash came back after I stopped the cream, and it is on both arms now. What should I ask my doctor?",
    "How long does a crown last",
    "Two of my tablets fell into the sink; may I take the next two early?",
    "good morning",
)
"""Texts to calibrate the small model's export on."""
