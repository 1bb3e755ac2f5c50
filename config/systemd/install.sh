#!/bin/sh
# Installs the agent for real use, or a newer one over it: its own environment, user, starter configuration and systemd unit. An agent that
# runs is started anew, so that what runs is what was installed. Run by `make install`, and by install.sh of a bundle (bundle.sh), where
# the wheels lie beside the sources: then nothing is fetched and nothing built.
set -eu
umask 022
python=$1 prefix=$2 build=$3
config=/etc/sansang/sansang.yml credentials=/etc/sansang/snmp-credentials.yml unit=/etc/systemd/system/sansang.service
[ "$(id -u)" = 0 ] || { echo "Cần quyền root / root is needed: sudo make install (sudo ./install.sh)" >&2; exit 1; }
here=$(cd "$(dirname "$0")/../.." && pwd)
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT

from_pypi() {
  "$build/pip" wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$wheels" "$here"
  "$python" -m venv "$prefix"
  "$prefix/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$here/requirements/run.txt"
  "$prefix/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheels"/*.whl
}

from_bundle() {
  wanted=$(cat "$here/wheels/FOR")
  found=$("$python" -c 'import platform, sys; print("python%d.%d %s" % (*sys.version_info[:2], platform.machine()))')
  if [ "$wanted" != "$found" ]; then
    # shellcheck disable=SC2086 # two words
    set -- $found
    fits="make bundle BUNDLE_PYTHON=${1#python} BUNDLE_ARCH=$2"
    echo "Gói này dành cho $wanted, máy này là $found. Hãy tạo gói khác trên máy có internet: $fits" >&2
    echo "This bundle is for $wanted, this machine is $found. Make another one on a machine with internet: $fits" >&2
    exit 1
  fi
  "$python" -m venv --without-pip "$prefix"
  pip() { "$prefix/bin/python" "$(echo "$here"/wheels/pip-*.whl)/pip" --isolated --quiet --disable-pip-version-check "$@"; }
  pip install --no-index --find-links "$here/wheels" --require-hashes --only-binary :all: -r "$here/requirements/run.txt"
  pip install --no-index --no-deps --force-reinstall "$here"/wheels/sansang-*.whl
}

if [ -e "$here/wheels/FOR" ]; then from_bundle; else from_pypi; fi
ln -sf "$prefix/bin/sansang" /usr/local/bin/sansang
install -D -m 0644 "$here/config/shell/sansang.bash" /usr/local/share/bash-completion/completions/sansang
install -D -m 0644 "$here/config/man/sansang.en.1" /usr/local/share/man/man1/sansang.1
install -D -m 0644 "$here/config/man/sansang.vi.1" /usr/local/share/man/vi/man1/sansang.1
getent passwd sansang >/dev/null || useradd --system --home-dir /var/lib/sansang --shell /usr/sbin/nologin sansang
install -d -m 0750 -g sansang /etc/sansang
install -d -m 0700 -o sansang -g sansang /var/lib/sansang
if [ ! -e "$config" ]; then
  cp -r "$here/config/examples/starter/." /etc/sansang/
  chown -R root:sansang /etc/sansang
  chmod -R u=rwX,g=rX,o= /etc/sansang
fi
[ -e "$credentials" ] || cp "$here/config/examples/starter/snmp-credentials.yml" "$credentials"
chown sansang:sansang "$credentials"  # it holds secrets: the agent's user alone reads it
chmod 0600 "$credentials"
install -d /etc/systemd/system
install -m 0644 "$here/config/systemd/sansang.service" "$unit"
install -m 0644 "$here/config/systemd/sansang-traps.socket" /etc/systemd/system/sansang-traps.socket
version=$("$prefix/bin/sansang" --version)

edit() {  # while the starter's sample is there; who has deleted it knows the way
  [ -e /etc/sansang/sites.d/mau-xoa-di.csv ] || return 0
  cat <<END
  * $1
      sudo nano $config
  * $2
      sudo sansang import $3
      sudo sansang import $3 --apply
      sudo rm -f /etc/sansang/sites.d/mau-xoa-di.csv
END
}

next() {  # what to do, in the language of the words given: edit, import, sheet, check and start, look
  edit "$1" "$2" "$3"
  cat <<END
  * $4
      sudo sansang validate $config
      $6
  * $5
      http://127.0.0.1:10115/
END
}

steps() {  # the command that starts it
  echo "Đã cài $version. Việc tiếp theo:"
  next "Sửa năm chỗ có dấu >>>: tên cơ quan, đơn vị, mốc ..." \
    "Nhập bảng các điểm của bạn: xem trước, rồi ghi, rồi xóa điểm mẫu" BANG.xlsx \
    "Kiểm tra tệp, rồi chạy" "Mở trang trên máy này (từ máy khác: README.vi.md)" "$1"
  echo
  echo "Installed $version. What comes next:"
  next "Edit the five places marked >>>: your office, units, anchors ..." \
    "Import the sheet of your sites: look, then write, then delete the sample" SHEET.xlsx \
    "Check the file, then start the agent" "Open the page on this machine (from another one: README.md)" "$1"
}

if [ ! -d /run/systemd/system ]; then
  cat <<END
Máy này không chạy systemd (trong container chẳng hạn), nên không bật được dịch
vụ: bộ giám sát không tự chạy khi máy bật, không tự chạy lại khi lỗi, và bản cũ
nếu đang chạy thì vẫn chạy. Tệp dịch vụ để sẵn ở
$unit.
This machine does not run systemd (a container, say), so no service was set up:
nothing starts the agent at boot or again after its end, and an older one that
runs goes on. The unit lies ready at $unit.

END
  steps "sudo runuser -u sansang -- sansang run --config $config"
  exit 0
fi
systemctl daemon-reload
systemctl enable --quiet sansang.service
case "$(systemctl is-active sansang.service || true)" in
  active|activating|reloading) ;;  # activating: one that dies and is started over and over
  *) steps "sudo systemctl restart sansang"; exit 0 ;;
esac
if ! runuser -u sansang -- "$prefix/bin/sansang" validate "$config" >/dev/null; then
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
