"""Meeting mode: the stops, the stage, and files to take away."""
