"""The page of the editors: who may enter, and what they do."""
