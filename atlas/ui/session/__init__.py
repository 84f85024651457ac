"""The state of a visit and what all visits share: view and address, files, stops, work that a restart loses."""
