"""Bylines of made-up doctors, and closing words, for the pages of the tests."""

HOLM = "Anna Holm, MD\nToledo Plastic Surgeon\n4.8 out of 5 stars 20 reviews"
AMES = "Bert Ames, DO\nBoise Physician\n4.2 out of 5 stars 7 reviews"
LUND = "Cara Lund, MD\nOmaha Dermatologist\n5 out of 5 stars 3 reviews"
NAMELESS = "Toledo Plastic Surgeon\n4.8 ★ (20)"
CLOSING = "These answers are for education only and do not replace your own physician."
