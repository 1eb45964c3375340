"""A context's way to Spark: the engine's JVM, which it shares with the worker and the other contexts, and the Spark
session of its own name.
"""

import ast
import os
import re
import signal
import sys
import threading

from py4j.protocol import Py4JNetworkError

from .display import display_frame
from .engine import quieten_pyspark
from .session import Session

# Names that mean Spark when code uses them and the user has not given them another meaning.
NAMES = ("spark", "sc", "sqlContext", "sql", "table", "_sqldf")
MENTION = re.compile(r"\b(?:%s|pyspark)\b" % "|".join(NAMES))


class EngineUnavailable(Exception):
    """There is no JVM, and there will be none."""


class SparkLink:
    """Attaches on first use, so that code which needs no Spark never waits for it."""

    def __init__(self, context, namespace, workspace):
        self._context = context
        self._workspace = workspace
        self._namespace = namespace
        self._answered = threading.Event()
        self._gateway_address = None
        self._unavailable = None
        self._spark = None
        self._last_frame = None

    # Told by the server -------------------------------------------------------------------------------------------

    def attach(self, port, secret):
        self._gateway_address = (port, secret)
        self._answered.set()

    def refuse(self, message):
        self._unavailable = message
        self._answered.set()

    # Used by commands ---------------------------------------------------------------------------------------------

    @property
    def is_attached(self):
        return self._spark is not None

    @property
    def spark(self):
        """The context's Spark session; waits for the engine."""
        if self._spark is None:
            self._answered.wait()
            if self._gateway_address is None or self._unavailable is not None:
                raise EngineUnavailable(self._unavailable)
            self._connect()
        return self._spark

    @property
    def _scala(self):
        return self.spark.sparkContext._jvm.org.apache.spark.sql.dbsh

    def prepare(self, code, transformed, group):
        """Before a command: attaches when the code means Spark, and names its jobs, for `cancel`."""
        if self._spark is None and self._means_spark(code, transformed):
            self.spark  # attaches
        if self._spark is None:
            return
        try:
            self._begin_command(group)
            if "_sqldf" in code:
                self._bind_last_frame()
        except (OSError, Py4JNetworkError):
            # What needs no Spark can go on without it.
            if MENTION.search(code):
                raise EngineUnavailable(
                    "The local engine has ended. Its tables are kept; make a new context."
                ) from None

    def _begin_command(self, group):
        context = self._spark.sparkContext
        context.setJobGroup(group, "Python command", True)
        context.setLocalProperty("spark.scheduler.pool", group)
        context._jvm.org.apache.spark.sql.classic.SparkSession.setActiveSession(self._spark._jsparkSession)

    def frame(self, statement):
        """The result of a SQL statement in the context's session, as a frame. Raises SQLError."""
        return Session(self.spark, self._workspace).frame(statement)

    def table(self, frame, rows, size):
        """The results object of a table, as JSON text."""
        return self._scala.Results.command(frame._jdf, rows, size)

    def pandas_table(self, frame, rows, size):
        """The same for a frame of pandas."""
        try:
            spark_frame = self.spark.createDataFrame(frame)
        except Exception:
            # A column of mixed values has no type of Spark's: it is shown as text.
            mixed = {
                name: frame[name].map(lambda value: None if value is None else str(value))
                for name in frame
                if frame[name].dtype == object
            }
            spark_frame = self.spark.createDataFrame(frame.assign(**mixed))
        return self.table(spark_frame, rows, size)

    def cancel(self, group):
        """Stops the jobs that the command has now; to be repeated, because it may be about to start one."""
        if self._spark is not None:
            self._spark.sparkContext._jsc.sc().cancelJobGroup(group)

    def drop_connection(self):
        """Gives up this thread's connection to the JVM: an interrupted call's answer must not be taken for the next
        call's.
        """
        client = self._spark.sparkContext._gateway._gateway_client
        connection = client.get_thread_connection()
        client.thread_connection.connection = None
        if connection is not None:
            connection.close()

    # Within -------------------------------------------------------------------------------------------------------

    def _means_spark(self, code, transformed):
        if not MENTION.search(code):
            return False
        try:
            tree = ast.parse(transformed)
        except SyntaxError:
            return False
        magic = "run_line_magic(" in transformed or "run_cell_magic(" in transformed
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in NAMES and node.id not in self._namespace:
                return True
            if isinstance(node, ast.Import) and any(name.name.split(".")[0] == "pyspark" for name in node.names):
                return True
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pyspark":
                return True
            # The code that a magic runs (%timeit …) is a string here.
            if magic and isinstance(node, ast.Constant) and isinstance(node.value, str) and MENTION.search(node.value):
                return True
        return False

    def _connect(self):
        os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"] = map(str, self._gateway_address)
        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
        quieten_pyspark()
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import DataFrame, SparkSession

        DataFrame.display = display_frame
        gateway = launch_gateway()
        jvm = gateway.jvm
        java_context = jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(
            jvm.org.apache.spark.SparkContext.getOrCreate()
        )
        # SparkContext() takes SIGINT for itself, to cancel every job of the JVM: ours cancels this context's alone.
        ours = signal.getsignal(signal.SIGINT)
        context = SparkContext(
            gateway=gateway, jsc=java_context, conf=SparkConf(_jvm=jvm, _jconf=java_context.getConf())
        )
        signal.signal(signal.SIGINT, ours)
        java_session = jvm.org.apache.spark.sql.dbsh.Sessions.get(self._context)
        spark = SparkSession(context, java_session)
        SparkSession._instantiatedSession = spark
        SparkSession.stop = SparkContext.stop = _refuse_to_stop
        self._namespace.update(spark=spark, sc=context, sqlContext=spark, sql=spark.sql, table=spark.table)
        self._spark = spark

    def _bind_last_frame(self):
        """`_sqldf`, when SQL has run in this context since it was bound last."""
        from pyspark.sql import DataFrame

        frame = self._scala.Sessions.lastFrame(self._context)
        if frame is not None and (self._last_frame is None or not frame.equals(self._last_frame)):
            self._last_frame = frame
            self._namespace["_sqldf"] = DataFrame(frame, self._spark)


def _refuse_to_stop(self):
    print("Spark belongs to the whole local workspace: a context cannot stop it.", file=sys.stderr)
