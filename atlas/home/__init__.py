"""Where the published catalogue lives, how a change of it arrives, and what is kept when it cannot be read."""
