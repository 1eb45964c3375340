"""Spark's errors in the form of the API: the message that a user reads, the error condition, the SQLSTATE."""

import re

CONDITION = re.compile(r"\s*\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]")
SQL_STATE = re.compile(r"SQLSTATE: (\w{5})")
STACK = re.compile(r"\n\s*(?:JVM stacktrace:|at [\w.$]+\([\w.$ ]*(?::\d+)?\)\n)")
# A function of the user's is kept in Spark's own catalog (function_statements.py).
STORED_FUNCTION = re.compile(r"(`?)spark_catalog\1\.(`?)(\w+?)__(\w+?)\2\.")
PLAN = re.compile(r";\n'?[A-Z]\w*")


class SQLError(Exception):
    """A statement that failed. `condition` and `sql_state` are None when Spark gives none."""

    def __init__(self, message, condition=None, sql_state=None):
        super().__init__(message)
        self.message = message
        self.condition = condition
        self.sql_state = sql_state

    @staticmethod
    def local(condition, sql_state, text):
        """An error of our own, in the same form."""
        return SQLError(f"[{condition}] {text} SQLSTATE: {sql_state}", condition, sql_state)


def sql_error(error):
    """What an exception of Spark, py4j or our own says to the user."""
    if isinstance(error, SQLError):
        return error
    condition = _ask(error, "getCondition")
    sql_state = _ask(error, "getSqlState")
    message = str(error)
    java = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    if java is not None and condition is None:
        message, condition, sql_state = _from_java(java, message)
    message = clean(message)
    found = CONDITION.match(message)
    if condition is None and found:
        condition = found[1]
    if sql_state is None and (found := SQL_STATE.search(message)):
        sql_state = found[1]
    return SQLError(message, condition, sql_state)


def clean(message):
    """The message without the JVM's stack and without the query plan that Spark puts after an analysis error; the caret
    block stays.
    """
    found = STACK.search(message)
    if found:
        message = message[: found.start()]
    found = PLAN.search(message)
    if found and "== SQL" not in message[: found.start()]:
        message = message[: found.start()]
    return in_own_names(message.rstrip())


def in_own_names(text):
    """A text of Spark's with the names of functions as their users know them."""
    return STORED_FUNCTION.sub(r"\1\3\1.\2\4\2.", text)


def _ask(error, method):
    """The answer of a method that not every exception has, and that may itself need a JVM which is gone."""
    try:
        return getattr(error, method)()
    except Exception:
        return None


def _from_java(java, message):
    """Follows the causes to the first exception that has an error condition: a failed job wraps the reason of its
    failure.
    """
    try:
        cause = java
        while cause is not None:
            condition = _ask(cause, "getCondition")
            if condition:
                return cause.getMessage(), condition, _ask(cause, "getSqlState")
            cause = cause.getCause()
        return java.getMessage() or java.toString(), None, None
    except Exception:
        return message, None, None
