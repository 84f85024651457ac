"""What every test shares: no property fails because the machine is busy."""

from hypothesis import settings

settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")
