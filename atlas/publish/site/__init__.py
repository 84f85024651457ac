"""The atlas as pages of HTML: what a page says, where it is, how it is written, and all of them as files.

The server writes the same pages into the shell that Streamlit serves.
"""
