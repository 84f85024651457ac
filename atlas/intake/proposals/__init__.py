"""Initiatives that people propose: what they write, checked as a file is, and the way into a catalogue."""
