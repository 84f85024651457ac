"""Files that people bring: from bytes to rows of the catalogue, with a report of every doubt and every fault.

Imports base, territory and catalogue.
"""
