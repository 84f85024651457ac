"""No password, key or token is in the repository, as far as detect-secrets knows their shapes."""

import subprocess
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parents[2]
# Detectors of high entropy mistake hashes and geometry for keys; these know the shape of what they look for.
PLUGINS = [
    "AWSKeyDetector", "ArtifactoryDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "DiscordBotTokenDetector",
    "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "KeywordDetector", "MailchimpDetector",
    "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
]  # fmt: skip
FILTERS = [
    "detect_secrets.filters.allowlist.is_line_allowlisted",
    "detect_secrets.filters.heuristic.is_templated_secret",
    "detect_secrets.filters.heuristic.is_not_alphanumeric_string",
]
# Words of the pages, where "password" is part of a sentence, and lists of hashes; geometry is numbers, and large.
WORDS = {"atlas/locales/it.toml", "atlas/locales/en.toml"}
NOT_READ = {".lock", ".geojson", ".topojson", ".png", ".xlsx", ".pdf"}


def find(paths, plugins=PLUGINS):
    settings = {"plugins_used": [{"name": name} for name in plugins], "filters_used": [{"path": p} for p in FILTERS]}
    with transient_settings(settings):
        secrets = SecretsCollection()
        for path in paths:
            secrets.scan_file(str(path))
        return [f"{secret.filename}:{secret.line_number} {secret.type}" for _, secret in secrets]


def committed():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and Path(name).suffix not in NOT_READ]


def test_nothing_that_looks_like_a_secret_is_committed():
    names = committed()
    assert len(names) > 100
    assert find(ROOT / name for name in names if name not in WORDS) == []
    assert find((ROOT / name for name in WORDS), [plugin for plugin in PLUGINS if plugin != "KeywordDetector"]) == []


def test_no_file_made_for_secrets_is_committed():
    kinds = (".pem", ".key", ".p12", ".env", "secrets.toml")
    assert [name for name in committed() if name.endswith(kinds) or Path(name).name.startswith(".env")] == []


@pytest.mark.parametrize(
    "parts",
    [
        ("-----BEGIN RSA ", "PRIVATE KEY-----"),
        ("AKIA", "IOSFODNN7EXAMPLF"),
        ("postgresql://atlante:", "Zu7pqLm2@db.example.org/atlante"),
        ("pass", "word = 'Zu7pqLm2'"),
        ("ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"),
    ],
)
def test_a_secret_would_be_seen(parts, tmp_path):
    """In two parts, so that this file stays clean."""
    file = tmp_path / "settings.py"
    file.write_text("".join(parts) + "\n")
    assert len(find([file])) >= 1
