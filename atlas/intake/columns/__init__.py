"""Mapping the columns of a file to fields: by header, by values, or by the owner's choice.

Imports intake.formats and intake.cells.
"""
