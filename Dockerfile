# The production image: web, worker, beat and migrate are four commands of it (docker-compose.yml).

FROM python:3.11-slim AS packages
RUN python -m venv /venv
COPY requirements/production.lock /
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /production.lock

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 GRIDGOV_MEDIA=/media
# A new volume takes over the owner of the folder it covers.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin gridgov \
    && install -d -m 700 -o gridgov -g gridgov /media
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Neither is asked for anything here: the settings want them to be said.
RUN GRIDGOV_SECRET_KEY=build DATABASE_URL=postgres://nobody@localhost/none python manage.py collectstatic --no-input \
    && python -m compileall -q .
USER gridgov
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "gridgov.wsgi"]
