"""Transactions of several statements, which the local workspace does not have: it says so, and changes nothing."""

from .errors import SQLError
from .sql_rules import statement

NONE = "The local workspace has no transactions: each statement is committed by itself."


@statement(r"(?:BEGIN|START)\s+(?:TRANSACTION|WORK)\b.*")
def begin(dialect, match):
    raise SQLError.local("TRANSACTION_NOT_SUPPORTED", "0A000", NONE)


@statement(r"COMMIT(?:\s+(?:TRANSACTION|WORK))?")
def commit(dialect, match):
    raise SQLError.local("NO_ACTIVE_TRANSACTION", "25P01", f"There is nothing to commit. {NONE}")


@statement(r"ROLLBACK(?:\s+(?:TRANSACTION|WORK))?")
def rollback(dialect, match):
    return dialect.nothing()


@statement(r"SET\s+AUTOCOMMIT\b(.*)")
def autocommit(dialect, match):
    if match[1].strip(" =").lower() in ("", "true", "on", "1"):
        return dialect.nothing()
    raise SQLError.local("TRANSACTION_NOT_SUPPORTED", "0A000", NONE)
