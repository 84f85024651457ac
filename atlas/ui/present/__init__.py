"""Presentations: the editor, the stage, and downloads."""
