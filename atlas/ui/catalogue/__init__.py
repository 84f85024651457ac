"""Initiatives as cards, list and table."""
