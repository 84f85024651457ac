"""What a stop of a presentation is and what it says: the one content that stage, slides, paper and offline page draw.

Imports every room below publish.
"""
