# The agent on Debian 12 with Debian's own Python. Steps are plain, so that a test can run them without a container engine.
FROM debian:12.11-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends python3 python3-venv libcap2-bin
COPY . /source
RUN python3 -m venv --copies /opt/sansang
RUN /opt/sansang/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r /source/requirements/run.txt
RUN python3 -m venv /opt/build
RUN /opt/build/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r /source/requirements/dev.txt
RUN /opt/build/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /opt/wheel /source
RUN /opt/sansang/bin/pip install --quiet --disable-pip-version-check --no-deps /opt/wheel/sansang-*.whl

FROM debian:12.11-slim
RUN apt-get update && apt-get install --yes --no-install-recommends python3 ca-certificates tzdata libcap2-bin
COPY --from=build /opt/sansang /opt/sansang
# An engine gives a user other than root no ambient capabilities, so the interpreter of this environment carries the one it needs.
# The order matters: copying a file may drop its capabilities.
RUN for python in /opt/sansang/bin/python3.11 /opt/sansang/bin/python3 /opt/sansang/bin/python; do setcap cap_net_raw=ep "$python"; done
RUN apt-get purge --yes --auto-remove libcap2-bin && rm -rf /var/lib/apt/lists
RUN useradd --system --uid 65532 --home-dir /var/lib/sansang --shell /usr/sbin/nologin sansang
RUN install -d -m 0700 -o sansang -g sansang /var/lib/sansang
USER 65532
VOLUME /var/lib/sansang
ENTRYPOINT ["/opt/sansang/bin/sansang"]
CMD ["run", "--config", "/etc/sansang/sansang.yml"]
