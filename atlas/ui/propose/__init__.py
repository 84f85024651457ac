"""The page on which everybody proposes an initiative."""
