"""The regions page: one region, initiatives by region, composition, matrices, comparison."""
