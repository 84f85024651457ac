"""The parts of build_boundaries.py: sources, coverage, tables and screen files; nothing here is needed at run time."""
