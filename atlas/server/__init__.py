"""Everything the server answers besides the pages: map files, health, security headers and limits.

Imports every room below; starlette is imported only here and in the open data.
"""
