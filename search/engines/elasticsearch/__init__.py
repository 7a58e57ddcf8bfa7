"""The directory of a country: the same lexemes, plan and formula as the embedded engine, answered by Elasticsearch."""
