#!/bin/sh
# Installs the agent for real use: its own environment, user, example configuration and systemd unit. Run by `make install`.
set -eu
python=$1 prefix=$2 build=$3
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
if [ ! -e /etc/sansang/sansang.yml ]; then
  cp -r "$here/config/examples/starter/." /etc/sansang/
  chown -R root:sansang /etc/sansang
  chmod -R u=rwX,g=rX,o= /etc/sansang
fi
install -d /etc/systemd/system
install -m 0644 "$here/config/systemd/sansang.service" /etc/systemd/system/sansang.service
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable sansang.service
fi
echo "installed. Edit /etc/sansang/sansang.yml, then: sansang validate /etc/sansang/sansang.yml && systemctl restart sansang"
