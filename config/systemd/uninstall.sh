#!/bin/sh
# Takes away what install.sh brought. /etc/sansang (configuration), /var/lib/sansang (the ledger: evidence) and the user that owns it stay.
set -eu
prefix=$1
[ "$(id -u)" = 0 ] || { echo "make uninstall needs root: sudo make uninstall" >&2; exit 1; }
if [ -d /run/systemd/system ] && [ -e /etc/systemd/system/sansang.service ]; then
  systemctl disable --quiet --now sansang-traps.socket sansang.service
fi
rm -f /etc/systemd/system/sansang.service /etc/systemd/system/sansang-traps.socket /usr/local/bin/sansang /usr/local/share/bash-completion/completions/sansang \
  /usr/local/share/man/man1/sansang.1 /usr/local/share/man/vi/man1/sansang.1
[ ! -d /run/systemd/system ] || systemctl daemon-reload
rm -rf "$prefix"
echo "Đã gỡ. /etc/sansang (cấu hình) và /var/lib/sansang (sổ ghi) vẫn còn nguyên."
echo "Removed. /etc/sansang (configuration) and /var/lib/sansang (the ledger) are still there."
