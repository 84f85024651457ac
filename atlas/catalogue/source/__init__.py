"""Where the published catalogue comes from, a file, an https address or a database, and the version in force.

Imports base, territory and catalogue; requests is imported only here, SQLAlchemy only here and in register.
"""
