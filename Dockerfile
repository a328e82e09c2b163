# Imbang: one image for web, worker and beat.

FROM node:24-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static/src static/src
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
WORKDIR /app
COPY requirements requirements
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps --target /uv -r requirements/uv.txt \
    && /uv/bin/uv pip install --no-cache --require-hashes --compile-bytecode --python .venv/bin/python \
        -r requirements/base.txt

FROM python:3.12-slim-bookworm
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    WEB_PROCESSES=2 \
    IMBANG_VAR=/var/lib/imbang \
    IMBANG_STATIC=/app/collected
RUN useradd --system --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin imbang \
    && install --directory --owner=imbang --group=imbang /var/lib/imbang
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY . .
COPY --from=front-end /app/static/dist static/dist
# The folder of run-time files is a throw-away here: no secret key stays in the image.
RUN for texts in locale/*/LC_MESSAGES/*.po; do \
        [ ! -e "$texts" ] || { pybabel --quiet compile --input-file "$texts" --output-file "${texts%.po}.mo" \
            && [ -e "${texts%.po}.mo" ]; } || exit 1; \
    done \
    && IMBANG_VAR=/build python manage.py collectstatic --noinput --ignore 'redoc*' --verbosity 0 \
    && rm -r /build \
    && python -m compileall -q -x '\.venv' .
USER 10001
VOLUME /var/lib/imbang
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "scorecard.wsgi"]
