"""Presentations as files: slides, handout and offline page.

Imports stops and stills; python-pptx and typst are imported only here.
"""
