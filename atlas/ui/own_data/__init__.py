"""The page "Your data": upload, report, decisions, before and after."""
