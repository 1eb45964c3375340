"""A context's way to Spark on a workspace: a Spark Connect session, opened on first use, and renewed when it has ended
on the other side.
"""

import os
import re
import threading
import uuid

from . import connect_rows
from .connect_channel import Operations, channel_builder, retry_policies
from .errors import SQLError, sql_error

# What says that the session has ended on the other side, from where the client itself does not recover. The first five
# are Spark's error conditions; the last two are in what serverless compute answers after some idle minutes.
SESSION_LOST = (
    "NO_ACTIVE_SESSION",
    "INVALID_HANDLE.SESSION_CLOSED",
    "INVALID_HANDLE.SESSION_CHANGED",
    "INVALID_HANDLE.SESSION_NOT_FOUND",
    "RESPONSE_ALREADY_RECEIVED",
    "session_id is no longer usable",
    "INACTIVITY_TIMEOUT",
)


class ConnectionUnavailable(Exception):
    """There is no way to Spark, and the message says why."""


class ConnectLink:
    """The Spark session of this process."""

    def __init__(self, namespace, credentials, tell):
        """`tell(event, **members)` sends an event about the command that runs."""
        self._namespace = namespace
        self._tell = tell
        self._credentials = credentials
        self._settings = None
        self._answered = threading.Event()
        self._unavailable = None
        self._session = None
        self._operations = None

    # Told by dbsh -------------------------------------------------------------------------------------------------

    def connect(self, settings):
        """Where Spark is: `target` (HOST:PORT), `headers` that choose the compute, `serverless`, `roots` (certificates,
        a file), `plain` (no TLS: for a server on this machine), `user_agent`.
        """
        self._settings = settings
        self._answered.set()

    def refuse(self, message):
        self._unavailable = message
        self._answered.set()

    # Used by commands ---------------------------------------------------------------------------------------------

    @property
    def is_open(self):
        return self._session is not None

    @property
    def spark(self):
        """The session; waits until it is known where Spark is."""
        if self._session is None:
            self._answered.wait()
            if self._unavailable is not None:
                raise ConnectionUnavailable(self._unavailable)
            self._open()
        return self._session

    def frame(self, statement, arguments=None):
        """The result of a SQL statement as a frame; a command (DDL, DML) has run when this returns. Raises SQLError."""
        session = self.spark
        try:
            return session.sql(with_arguments(statement, arguments))
        except Exception as error:
            if self.is_lost(error):
                raise
            raise self._explained(sql_error(error), statement) from None

    def table(self, frame, rows, size):
        """The results object of a table, as JSON text: at most so many rows, and bytes."""
        schema, table, truncated = connect_rows.fetch(frame, rows)
        return connect_rows.table_results(schema, table, truncated, size)

    def pandas_table(self, frame, rows, size):
        """The same for a frame of pandas, which never leaves this machine."""
        import pyarrow
        from pyspark.sql.pandas.types import from_arrow_schema

        try:
            table = pyarrow.Table.from_pandas(frame, preserve_index=False)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
            # A column of mixed values has no type: it is shown as text.
            table = pyarrow.Table.from_pandas(frame.astype(str), preserve_index=False)
        schema = from_arrow_schema(table.schema, prefer_timestamp_ntz=True)
        return connect_rows.table_results(schema, table.slice(0, rows), table.num_rows > rows, size)

    def interrupt(self):
        """Stops what runs now, in threads of its own too (which do not inherit a tag). By the operations' ids: where the
        network fails the calls are made again for minutes, and must not meet what is begun meanwhile.
        """
        session = self._session
        if session is None or session.is_stopped:
            return
        for operation in self._operations.open():
            session.interruptOperation(operation)

    def close(self, seconds):
        """Lets go of the session, and of what it still runs: the service would go on with that for minutes after the
        last sign of this process. Waits so many seconds at most.
        """
        if self._session is None or self._session.is_stopped:
            return
        client = self._session.client
        client.set_retry_policies([])

        def release():
            client.interrupt_all()
            client.release_session()

        last = threading.Thread(target=release, daemon=True)
        last.start()
        last.join(seconds)

    def is_lost(self, error):
        """Whether an error means that the session has ended."""
        text = f"{_condition(error)} {error}"
        return self._session is not None and any(sign in text for sign in SESSION_LOST)

    def renew(self):
        """A new session in the place of one that has ended, unless only a frame of an earlier session was used. Answers
        whether there is a new one, and the names of the frames of ended ones.
        """
        from pyspark.sql.connect.dataframe import DataFrame

        ended = self._session
        if not ended.is_stopped:
            try:
                ended.sql("SELECT 1").schema  # asks the server, and costs no compute
            except Exception:
                ended = None
        is_new = ended is None or ended.is_stopped
        if is_new:
            self._open()
        return is_new, sorted(
            name
            for name, value in self._namespace.items()
            if isinstance(value, DataFrame) and value.sparkSession is not self._session and not name.startswith("_")
        )

    def _explained(self, error, statement):
        """The local workspace's endpoint runs plain Spark: what only Databricks has is refused with that reason."""
        if not self._settings.get("plain") or not is_databricks_only(statement):
            return error
        reason = (
            "Spark Connect of the local workspace runs plain Spark, which lacks this statement of Databricks'; the "
            "warehouse here has it (.target warehouse)."
        )
        return SQLError.local(error.condition, error.sql_state, reason)

    # Within -------------------------------------------------------------------------------------------------------

    def _open(self):
        from pyspark.sql.connect.session import SparkSession

        settings = self._settings
        # An id that has been used and closed is refused for ever, so each session has its own.
        identity = str(uuid.uuid4())
        headers = dict(settings.get("headers", {}), session_id=identity, user_agent=settings.get("user_agent", "dbsh"))
        if settings.get("serverless"):
            headers["x-databricks-session-id"] = identity
        # Before they are given away: the client takes out of them what is none.
        shown = [f"{name}: {value}" for name, value in sorted(headers.items()) if name != "session_id"]
        operations = Operations()
        builder = channel_builder(settings, headers, self._credentials, operations)
        session = SparkSession.builder.channelBuilder(builder).create()
        # Code that asks for a session by itself (`SparkSession.builder.getOrCreate()`) gets this one; without the
        # variable, which nothing connects to while there is a session, it would be told that it has to name a server.
        os.environ["SPARK_REMOTE"] = f"sc://{settings['target']}"
        session.client.set_retry_policies(retry_policies(builder, self._credentials, self._tell))
        session.registerProgressHandler(self._on_progress)
        before, self._session, self._operations = self._session, session, operations
        for name, value in (("spark", session), ("sql", session.sql), ("table", session.table)):
            # Not over a name that the user has given another meaning.
            if before is None or getattr(self._namespace.get(name), "__self__", self._namespace.get(name)) is before:
                self._namespace[name] = value
        self._tell("session", session=identity, headers=shown)

    def _on_progress(self, stages, inflight_tasks, operation_id, done):
        if stages and not done:
            tasks = sum(stage.num_tasks for stage in stages)
            completed = sum(stage.num_completed_tasks for stage in stages)
            self._tell("tasks", tasks=tasks, tasks_left=tasks - completed)


def is_databricks_only(statement):
    try:
        from .databricks_sql import is_databricks_only
    except re.error:
        return False  # Python 3.10 does not know the patterns that the engine, which wants 3.11, has there.
    return is_databricks_only(statement)


def with_arguments(statement, arguments):
    """A statement with its parameters. Spark takes literals alone as arguments of `sql`, which a text with a type's
    name is not; EXECUTE IMMEDIATE takes expressions, and so the cast is made where Spark is, with its errors.
    """
    if not arguments:
        return statement
    values = []
    for one in arguments:
        value = "NULL" if one.get("value") is None else quoted(one["value"])
        name = f" AS `{one['name']}`" if one.get("name") else ""
        values.append(f"CAST({value} AS {one.get('type') or 'STRING'}){name}")
    return f"EXECUTE IMMEDIATE {quoted(statement)} USING {', '.join(values)}"


def quoted(text):
    """A text as a literal of SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _condition(error):
    try:
        return error.getCondition() or ""
    except Exception:
        return ""
