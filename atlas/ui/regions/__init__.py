"""The page of the regions: ranking, composition, matrices, territories side by side."""
