"""The cells of a row to values: numbers and years, words of closed lists, places.

Imports intake.formats, territory and catalogue.
"""
