"""The page of one municipality, with similar municipalities."""
