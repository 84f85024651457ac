"""Downloads: tables, pictures, slides, handouts, offline pages.

Imports every room below; python-pptx and typst are imported only in decks.
"""
