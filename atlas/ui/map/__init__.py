"""The map on the page and the table under it."""
