"""Uploaded files: from bytes to rows of the catalogue, with a report of all doubts and faults.

Imports base, territory and catalogue.
"""
