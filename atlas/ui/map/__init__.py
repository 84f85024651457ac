"""The map on the page, and the table with the same numbers."""
