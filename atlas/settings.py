"""What an operator may set from outside, in ATLAS_… variables, checked once at start; it knows no page."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A variable has a value that cannot be used; the text names the variable and says what to write."""


@dataclass(frozen=True, slots=True)
class TileSettings:
    """Background tiles of another host: shown only to visitors who agree."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can change."""

    tiles: TileSettings | None = None


@cache
def read_settings() -> Settings:
    """Read the variables of this process; SettingsError when one cannot be used."""
    return to_settings(os.environ)


def to_settings(variables: Mapping[str, str]) -> Settings:
    """Turn ATLAS_TILES_URL (an https address with {z}, {x}, {y}) and ATLAS_TILES_ATTRIBUTION into settings."""
    url = variables.get("ATLAS_TILES_URL", "").strip()
    if not url:
        return Settings()
    if urlsplit(url).scheme != "https" or not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise SettingsError(
            f"ATLAS_TILES_URL: {url!r} non è un indirizzo https con {{z}}, {{x}} e {{y}}, "
            "come https://tiles.example.org/{z}/{x}/{y}.png"
        )
    attribution = variables.get("ATLAS_TILES_ATTRIBUTION", "").strip()
    if not attribution:
        raise SettingsError("ATLAS_TILES_ATTRIBUTION: scrivi a chi appartiene lo sfondo, come chiede la sua licenza")
    return Settings(tiles=TileSettings(url=url, attribution=attribution))
