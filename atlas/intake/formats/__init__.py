"""From the bytes of a file to a sheet of cells, or to the reason why the file is refused.

Imports base.
"""
