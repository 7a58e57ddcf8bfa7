"""Search results: the page that most visitors come for."""
