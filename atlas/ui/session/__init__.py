"""The state of a session and what sessions share: view and address, uploads, presentation, background jobs."""
