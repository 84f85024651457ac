"""Where the published catalogue comes from, a file, an https address or a database, and the version in force.

Imports base, territory and catalogue; requests and SQLAlchemy are imported only here.
"""
