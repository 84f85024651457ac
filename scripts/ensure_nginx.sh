#!/usr/bin/env bash
# Makes sure that the check of the deployment has nginx and openssl; installs them from the system's packages where it can.
set -u

export PATH="$PATH:/usr/sbin:/sbin"
has_nginx() { command -v nginx >/dev/null 2>&1 && command -v openssl >/dev/null 2>&1; }

has_nginx && exit 0
echo "Installo nginx e openssl per la prova. Installing nginx and openssl for the check."
if command -v apt-get >/dev/null 2>&1; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  if $as_root true 2>/dev/null; then
    $as_root apt-get update -qq >/dev/null 2>&1
    # Only the program: it must not start as a service of this machine.
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 $as_root apt-get install -y -qq --no-install-recommends nginx-light openssl >/dev/null 2>&1
  fi
fi
has_nginx && exit 0
cat >&2 <<'MESSAGE'
Servono nginx e openssl e non sono riuscito a installarli: sudo apt-get install nginx-light openssl
nginx and openssl are needed and could not be installed.
MESSAGE
exit 1
