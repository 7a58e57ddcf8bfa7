"""What stops a whole import. What is wrong with one row is told in the report instead."""


class ImportProblem(Exception):  # noqa: N818 — it stops an import, it is no fault of the program
    """The file or the mapping cannot be used. The message is one sentence, with what to do."""


class MappingProblem(ImportProblem):
    """The mapping does not say what it must."""


class FileProblem(ImportProblem):
    """The file cannot be read as the mapping says."""
