"""Reading the cells of a row: numbers and years, terms of closed lists, places.

Imports intake.formats, territory and catalogue.
"""
