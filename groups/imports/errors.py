"""What stops a whole import. What is wrong with one row is told in the report instead."""


class ImportProblem(Exception):
    """The file or the mapping cannot be used. The message is one sentence, with what to do."""


class MappingProblem(ImportProblem):
    """The mapping does not say what it must."""


class FileProblem(ImportProblem):
    """The file cannot be read as the mapping says."""
