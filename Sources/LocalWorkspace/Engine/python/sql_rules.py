"""The registers of what dbsh answers or rewrites when Spark refuses a statement, see databricks_sql.py."""

import re

STATEMENTS = []
REWRITES = []


def statement(pattern):
    """Declares a function of the dialect and the match as the answer to such statements: it returns a DataFrame, or
    the text to run instead.
    """

    def declare(function):
        STATEMENTS.append((re.compile(pattern + r"\s*", re.IGNORECASE | re.DOTALL), function))
        return function

    return declare


def rewrite(function):
    """Declares a function of the dialect and a statement's text: it returns the text, changed where it must be."""
    REWRITES.append(function)
    return function
