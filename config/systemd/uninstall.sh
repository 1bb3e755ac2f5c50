#!/bin/sh
# Takes away what install.sh brought. /etc/sansang (configuration) and /var/lib/sansang (the ledger: evidence) stay.
set -eu
prefix=$1
[ "$(id -u)" = 0 ] || { echo "make uninstall needs root" >&2; exit 1; }
[ ! -d /run/systemd/system ] || systemctl disable --now sansang.service || true
rm -f /etc/systemd/system/sansang.service /usr/local/bin/sansang
rm -rf "$prefix"
echo "removed. /etc/sansang and /var/lib/sansang are still there."
