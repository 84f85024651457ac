"""What a visitor chooses: filters and their chips, a place, the way of counting."""
