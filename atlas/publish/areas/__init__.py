"""The map to take away: its numbers by territory as tables, and its territories as layers for GIS.

The same columns in every format, from the same frame as the map. May import figures and what is below it.
"""
