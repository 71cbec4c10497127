"""The widget, in a real browser."""
