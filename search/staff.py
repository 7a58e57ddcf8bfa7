"""Staff's own search in the admin on the search server, where WAYMARK_ADMIN_SEARCH says so: pages, pictures, documents.

Wagtail's backend, kept from standing in staff's way. When the server does not answer, the database's index does, which is kept
beside it; and what was saved is sent after its transaction, which a slow server would hold open else.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction
from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import BulkIndexError, bulk
from modelsearch.backends import get_search_backend
from modelsearch.backends.base import BaseSearchResults
from modelsearch.backends.elasticsearch9 import (
    Elasticsearch9Index,
    Elasticsearch9SearchBackend,
    Elasticsearch9SearchResults,
)
from modelsearch.index import class_is_indexed

from search.engines.elasticsearch.client import UnavailableError, alias, client, said_by
from search.engines.guarded import Breaker

IN_DATABASE = "database"
"""The name of the other backend in WAGTAILSEARCH_BACKENDS."""

_SECONDS = 2
_SECONDS_TO_REBUILD = 60
_breaker = Breaker()
logger = logging.getLogger(__name__)
Value = TypeVar("Value")


class _Results(Elasticsearch9SearchResults):
    in_database: Callable[[], BaseSearchResults]

    def _clone(self) -> "_Results":
        clone: _Results = super()._clone()
        clone.in_database = self.in_database
        return clone

    def _do_search(self) -> list[models.Model]:
        ask = super()._do_search
        return self._first(lambda: list(ask()), list)

    def _do_count(self) -> int:
        return self._first(super()._do_count, lambda found: found.count())

    def facet(self, field_name: str) -> dict[Any, int]:
        return self._first(partial(super().facet, field_name), lambda found: found.facet(field_name))

    def _first(self, server: Callable[[], Value], database: Callable[[BaseSearchResults], Value]) -> Value:
        return _breaker.ask(
            partial(_asked, server), lambda: database(self.in_database()[self.start : self.stop])
        )


def _asked(server: Callable[[], Value]) -> Value:
    try:
        return server()
    except (ApiError, TransportError, BulkIndexError) as error:
        raise UnavailableError(f"Staff's search server failed: {said_by(error)}") from error


class _Index(Elasticsearch9Index):
    """Told of changes after their commit. What the server does not take is missing there until the index is made anew."""

    def __init__(self, backend: "SearchBackend", name: str) -> None:
        super().__init__(backend, name)
        self.soon = backend.es
        self.es = backend.es.options(request_timeout=_SECONDS_TO_REBUILD)

    def add_item(self, item: models.Model) -> None:
        self.add_items(type(item), [item])

    def add_items(self, model: type[models.Model], items: Sequence[models.Model]) -> None:
        if self.name != self.backend.get_index_for_model(model).name:  # one that is being made
            super().add_items(model, items)
        elif class_is_indexed(model):
            mapping = self.mapping_class(model)
            rows = [{"_id": mapping.get_document_id(one), **mapping.get_document(one)} for one in items]
            # Where there is no index yet, the server would make one of these alone.
            self._after_commit(lambda: bulk(self.soon, rows, index=self.name, require_alias=True))

    def delete_item(self, item: models.Model) -> None:
        if class_is_indexed(type(item)):
            known_as = self.mapping_class(type(item)).get_document_id(item)
            server = self.soon.options(ignore_status=404)
            self._after_commit(lambda: server.delete(index=self.name, id=known_as))

    def _after_commit(self, write: Callable[[], object]) -> None:
        def lost() -> None:
            logger.error("%s was not told of a change. Run manage.py wagtail_update_index", self.name)

        transaction.on_commit(lambda: _breaker.ask(partial(_asked, write), lost))


class SearchBackend(Elasticsearch9SearchBackend):
    index_class = _Index
    results_class = _Results

    def __init__(self, params: dict[str, Any]) -> None:
        copies = {"settings": {"index": {"number_of_replicas": settings.WAYMARK_ELASTICSEARCH_REPLICAS}}}
        super().__init__({"INDEX_PREFIX": f"{alias()}-admin-", "INDEX_SETTINGS": copies, **params})

    @staticmethod
    def client_class(**_: Any) -> Elasticsearch:
        """The site's own way to the server, with its keys."""
        return client().options(request_timeout=_SECONDS)

    def search(self, *wanted: Any, **options: Any) -> BaseSearchResults:
        return self._with_a_way_out("search", *wanted, **options)

    def autocomplete(self, *wanted: Any, **options: Any) -> BaseSearchResults:
        return self._with_a_way_out("autocomplete", *wanted, **options)

    def _with_a_way_out(self, how: str, *wanted: Any, **options: Any) -> BaseSearchResults:
        found = getattr(super(), how)(*wanted, **options)
        if isinstance(found, _Results):  # else there is nothing to look for
            found.in_database = partial(getattr(get_search_backend(IN_DATABASE), how), *wanted, **options)
        return found
