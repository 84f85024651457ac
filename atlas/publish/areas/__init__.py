"""Downloads of the map: its numbers as tables, and its territories as GIS layers.

All formats have the same columns, from the same frame as the map. Imports figures and the rooms below.
"""
