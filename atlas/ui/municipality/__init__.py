"""The page of one municipality and of the municipalities like it."""
