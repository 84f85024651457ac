"""The open data: the catalogue, the indicators and the boundaries for other programs. It draws nothing."""
