"""Which column of a file is which field of ours: by its header, by its values, by what its owner says.

Imports intake.formats and intake.cells.
"""
