#!/usr/bin/env bash
# Makes sure that the check of the decks has LibreOffice and poppler; installs them from the system's packages where it can.
set -u

has_office() { command -v soffice >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1; }

has_office && exit 0
echo "Installo LibreOffice e poppler per le prove. Installing LibreOffice and poppler for the checks."
if command -v apt-get >/dev/null 2>&1; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if $as_root true 2>/dev/null; then
    $as_root apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq libreoffice-impress libreoffice-calc poppler-utils >/dev/null 2>&1
  fi
fi
has_office && exit 0
cat >&2 <<'MESSAGE'
Servono LibreOffice (soffice) e poppler (pdftoppm) e non sono riuscito a installarli: sudo apt-get install libreoffice-impress libreoffice-calc poppler-utils
LibreOffice (soffice) and poppler (pdftoppm) are needed and could not be installed.
MESSAGE
exit 1
