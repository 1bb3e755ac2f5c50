# Two commands: `make run` (the agent on the simulated district) and `make test`. Both set up what they need.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check
PREFIX ?= /opt/sansang
BUNDLE_PYTHON ?= $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
BUNDLE_OUT ?= dist
BUNDLE_ARCH ?= $(shell uname -m)

NO_VENV := Thiếu gói của Debian / a package of Debian is missing: apt-get install python3-venv
NO_INTERNET := Không tải được gói. Máy không có internet: docs/vi/install-debian.md, make bundle. / Packages cannot be fetched. Without internet: docs/install-debian.md, make bundle.

.PHONY: run test test-peers test-packages gates generate generate-check wheel-test pictures frames soak bench bench-nation floods lock setup bundle install uninstall

run: setup  ## the agent watching a simulated district; prints where to look
	$(BIN)/sansang lab run

test: setup  ## everything that needs no other server and no root
	$(BIN)/pytest -n 4 -m "not peers and not soak and not alone"
	$(BIN)/pytest -m "not peers and not soak and alone"
	@echo "left out: tests/peers (real servers and namespaces; as root: make test-peers)"

test-packages:
	DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends $$(cat tests/peers/packages.txt)
	command -v npm >/dev/null || apt-get install --yes --quiet --quiet --no-install-recommends nodejs npm

test-peers: setup test-packages  ## against kamailio, baresip, nginx, promtool, namespaces ...; installs them (Debian, root)
	SANSANG_CI=1 $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder -m "peers and not soak and not alone and not waits" tests/peers
	SANSANG_CI=1 $(BIN)/pytest -n 2 --dist worksteal -m "peers and not soak and not alone and waits" tests/peers
	SANSANG_CI=1 $(BIN)/pytest -m "peers and not soak and alone" tests/peers

gates: setup generate-check  ## ruff, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

generate: setup  ## write every generated file anew
	$(BIN)/python -m exporters.pages.metrics > docs/metrics.md
	$(BIN)/python -m exporters.pages.snmp_objects > docs/snmp-objects.md
	$(BIN)/python -m exporters.reports.json_file > docs/uptime.schema.json
	$(BIN)/python -m exporters.reports.device_json > docs/devices.schema.json
	$(BIN)/python -m exporters.scores.json_file > docs/score.schema.json
	$(BIN)/sansang validate --schema > docs/inventory.schema.json
	$(BIN)/sansang score validate --schema > docs/scoresheet.schema.json
	$(BIN)/python -m agent.cli.manual
	$(BIN)/python -m dashboards.runbooks
	$(BIN)/sansang build --force

generate-check: generate
	@git diff --exit-code --stat -- docs config || { echo "generated files were out of date: commit them"; exit 1; }

wheel-test: setup  ## the suite once more against the built wheel, from a folder without the sources
	./tests/wheel-test.sh $(abspath $(BIN)/python)

pictures: setup test-packages  ## docs/pictures anew, the boards with Grafana's own components (430 MB from npm; root; 35 minutes)
	apt-get install --yes --quiet --quiet --no-install-recommends chromium fonts-noto-core fonts-noto-mono pngquant
	$(BIN)/python -m tests.peers.page_pictures
	$(BIN)/python -m tests.peers.check_pictures
	$(BIN)/python -m tests.peers.report_picture
	$(BIN)/python -m tests.peers.grafana.pictures

frames: setup test-packages  ## docs/boards-frames.md anew: what each tile says in eight situations, by Grafana's own code (root; a minute)
	$(BIN)/python -m tests.peers.grafana.frames_page

soak: setup  ## longer proofs, two side by side; what each found is printed at the end (Debian, root)
	SANSANG_SOAK=1 $(BIN)/pytest -n 2 --dist worksteal -rP -m soak tests

bench: setup  ## CPU per probe and per request to /probe beside blackbox_exporter and fping, lateness (as root)
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.probe_endpoint

bench-nation: setup  ## 66,420 targets a minute in one agent, beside a bare loop that probes the same (as root; quiet machine)
	$(BIN)/python -m benchmarks.nation

floods: setup  ## honest targets of every kind beside peers that flood: the table of docs/faults.md (as root; quiet machine)
	$(BIN)/python -m benchmarks.floods

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile --quiet --generate-hashes --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --generate-hashes --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV) || { echo "$(NO_VENV)"; exit 1; }
	$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt || { echo "$(NO_INTERNET)"; exit 1; }
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

bundle: setup  ## dist/sansang-*.tar.gz: all that a server without internet needs to install it, and its checksum
	config/systemd/bundle.sh "$(abspath $(BIN))" "$(BUNDLE_PYTHON)" "$(BUNDLE_ARCH)" "$(abspath $(BUNDLE_OUT))"

install: $(if $(wildcard wheels/FOR),,setup)  ## into $(PREFIX), with its own user and systemd unit (root)
	config/systemd/install.sh "$(PYTHON)" "$(PREFIX)" "$(abspath $(BIN))"

uninstall:  ## takes away what install brought; configuration and ledger stay
	config/systemd/uninstall.sh "$(PREFIX)"
