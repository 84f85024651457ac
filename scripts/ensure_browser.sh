#!/usr/bin/env bash
# Makes sure that the browser tests have a Chromium; with --path, prints where it is and changes nothing.
# Order: $CHROMIUM, then PATH, then Playwright's own, then the system's packages, then Playwright's download.
set -u

find_browser() {
  if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then echo "$CHROMIUM"; return 0; fi
  for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
    if command -v "$name" >/dev/null 2>&1; then command -v "$name"; return 0; fi
  done
  if [ -d "/Applications/Google Chrome.app" ]; then
    echo "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; return 0
  fi
  find "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}" "$HOME/Library/Caches/ms-playwright" \
    \( -name chrome -o -name chrome-headless-shell -o -name headless_shell -o -name Chromium \) \
    -type f -perm -u+x 2>/dev/null | sort | head -n 1 | grep .
}

if [ "${1:-}" = "--path" ]; then find_browser; exit $?; fi
find_browser >/dev/null && exit 0

echo "Nessun browser trovato: ne installo uno per le prove. No browser found: installing one for the tests."
if command -v apt-get >/dev/null 2>&1; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if $as_root true 2>/dev/null; then
    $as_root apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null 2>&1
  fi
fi
find_browser >/dev/null && exit 0
playwright install chromium >/dev/null 2>&1
find_browser >/dev/null && exit 0

cat >&2 <<'MESSAGE'
Le prove nel browser hanno bisogno di Chromium o Chrome e non sono riuscito a installarlo.
  Che cosa fare: installa Chromium (Debian/Ubuntu: sudo apt-get install chromium) oppure indica dove si trova,
  per esempio: CHROMIUM=/percorso/di/chromium make test
The browser tests need Chromium or Chrome and it could not be installed.
  What to do: install Chromium, or name it: CHROMIUM=/path/to/chromium make test
MESSAGE
exit 1
