"""The page of one's own file: upload, report, decisions, before and after."""
