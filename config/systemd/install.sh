#!/bin/sh
# Installs the agent for real use, or a newer one over it: its own environment, user, example configuration and systemd unit. An agent that
# runs is started anew, so that what runs is what was installed. Run by `make install`.
set -eu
umask 022
python=$1 prefix=$2 build=$3
config=/etc/sansang/sansang.yml
[ "$(id -u)" = 0 ] || { echo "make install needs root: sudo make install" >&2; exit 1; }
here=$(cd "$(dirname "$0")/../.." && pwd)
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
"$build/pip" wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$wheels" "$here"
"$python" -m venv "$prefix"
"$prefix/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$here/requirements/run.txt"
"$prefix/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheels"/*.whl
ln -sf "$prefix/bin/sansang" /usr/local/bin/sansang
getent passwd sansang >/dev/null || useradd --system --home-dir /var/lib/sansang --shell /usr/sbin/nologin sansang
install -d -m 0750 -g sansang /etc/sansang
install -d -m 0700 -o sansang -g sansang /var/lib/sansang
if [ ! -e "$config" ]; then
  cp -r "$here/config/examples/starter/." /etc/sansang/
  chown -R root:sansang /etc/sansang
  chmod -R u=rwX,g=rX,o= /etc/sansang
fi
install -d /etc/systemd/system
install -m 0644 "$here/config/systemd/sansang.service" /etc/systemd/system/sansang.service
version=$("$prefix/bin/sansang" --version)
runs=no
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --quiet sansang.service
  case "$(systemctl is-active sansang.service || true)" in
    active|activating|reloading) runs=yes ;;  # activating: one that dies and is started over and over
  esac
fi
if [ "$runs" = no ]; then
  echo "Đã cài $version. Sửa $config, rồi chạy: sansang validate $config && systemctl restart sansang"
  echo "Installed $version. Edit $config, then: sansang validate $config && systemctl restart sansang"
elif ! runuser -u sansang -- "$prefix/bin/sansang" validate "$config" >/dev/null; then
  echo "Đã cài $version, nhưng bản cũ vẫn đang chạy vì bản mới không nhận $config. Sửa tệp rồi chạy: systemctl restart sansang"
  echo "Installed $version, but the old one still runs: the new one refuses $config. Mend it, then: systemctl restart sansang"
  exit 1
elif ! systemctl restart sansang.service; then
  echo "Đã cài $version, nhưng không khởi động được. Xem: journalctl -u sansang -n 30"
  echo "Installed $version, but it does not start. See: journalctl -u sansang -n 30"
  exit 1
else
  echo "Đã cài $version và đã khởi động lại: bản này đang chạy."
  echo "Installed $version and restarted the agent: this version runs now."
fi
