#!/bin/sh
# One file for a server without internet: the sources, every wheel that the agent needs on one Python and architecture (Debian 12's C
# library or newer), and the installer. The same commit gives the same bytes. Run by `make bundle`.
set -eu
umask 022
build=$1 python=$2 arch=$3 dist=$4
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here"
version=$("$build/python" -c 'import agent; print(agent.__version__)')
name=sansang-$version-python$python-$arch
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/$name
mkdir -p "$out/wheels" "$dist"
when=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y pyproject.toml)
files() {  # what belongs to the sources; of a folder that is no checkout, all but what was made in it
  git ls-files -z 2>/dev/null || find . -mindepth 1 \( -name .venv -o -name dist -o -name wheels -o -name '.*_cache' -o -name __pycache__ \) -prune -o -type f -print0
}
files | tar --create --null --files-from=- | tar --extract --directory "$out"
platforms=$(for minor in $(seq 5 36); do printf -- '--platform manylinux_2_%s_%s ' "$minor" "$arch"; done)
# shellcheck disable=SC2086 # many words
for wanted in run bundle; do
  "$build/pip" download --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps \
    --python-version "$python" --implementation cp $platforms --platform "manylinux2014_$arch" \
    --requirement "requirements/$wanted.txt" --dest "$out/wheels"
done
SOURCE_DATE_EPOCH=$when "$build/pip" wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
  --wheel-dir "$out/wheels" "$out"
rm -rf "$out/build"
echo "python$python $arch" > "$out/wheels/FOR"
cat > "$out/install.sh" <<'END'
#!/bin/sh
# Installs San Sang from this folder, without a network: sudo ./install.sh (docs/install-debian.md).
exec "$(dirname "$0")/config/systemd/install.sh" "${PYTHON:-/usr/bin/python3}" "${PREFIX:-/opt/sansang}" ""
END
chmod 0755 "$out/install.sh"
tar --create --sort=name --mtime="@$when" --owner=0 --group=0 --numeric-owner --mode=go-w --directory "$work" "$name" \
  | gzip --no-name --best > "$dist/$name.tar.gz"
(cd "$dist" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$dist/$name.tar.gz ($(du -h "$dist/$name.tar.gz" | cut -f1)), $name.tar.gz.sha256"
echo "Chép cả hai tệp sang máy chủ, rồi ở đó:"
echo "Copy both files to the server, then there:"
echo "  sha256sum -c $name.tar.gz.sha256"
echo "  tar xzf $name.tar.gz && cd $name && sudo ./install.sh"
