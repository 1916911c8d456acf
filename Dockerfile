# One node of the adapter: `second-opinion serve` with the settings in /etc/second-opinion/node.toml.
#   docker build -t second-opinion-adapter .
#   docker run -v ./node.toml:/etc/second-opinion/node.toml:ro -v second-opinion:/var/lib/second-opinion second-opinion-adapter
# Workers of their own (PostgreSQL): the same image with `work --config /etc/second-opinion/node.toml`.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements/build.txt \
 && python -m venv /opt/second-opinion \
 && /opt/second-opinion/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY adapter adapter
COPY mappings mappings
COPY profiles profiles
COPY examples/samples examples/samples
RUN /opt/build/bin/python -m hatchling build -t wheel -d /dist \
 && /opt/second-opinion/bin/pip install --no-deps --no-index /dist/*.whl \
 && /opt/second-opinion/bin/pip uninstall --yes pip

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin second-opinion \
 && install -d -o second-opinion -g second-opinion /var/lib/second-opinion /run/second-opinion
COPY --from=build /opt/second-opinion /opt/second-opinion
ENV PATH=/opt/second-opinion/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER second-opinion
WORKDIR /var/lib/second-opinion
VOLUME /var/lib/second-opinion
EXPOSE 8080
# The settings say on which port the node listens, and the ready file where it does: no second place to keep in step.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import json, urllib.request; node = json.load(open('/run/second-opinion/ready')); urllib.request.urlopen('http://{host}:{port}/healthz'.format(**node), timeout=4)"]
ENTRYPOINT ["second-opinion"]
CMD ["serve", "--config", "/etc/second-opinion/node.toml", "--ready", "/run/second-opinion/ready"]
