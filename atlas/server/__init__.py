"""What is answered besides the pages: the map's files, health, and the headers and limits around every answer.

Imports every room below; starlette is imported only here and in the open data.
"""
