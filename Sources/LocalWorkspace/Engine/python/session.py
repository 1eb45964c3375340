"""One Spark session as a client of the workspace sees it: SQL as Databricks has it, with parameters."""

from contextlib import contextmanager

from .databricks_sql import DatabricksSQL
from .errors import sql_error
from .jvm import is_no_answer
from .sql_text import quoted


class Session:
    """Runs statements in a Spark session. Not for two threads at once."""

    def __init__(self, spark, workspace):
        self.spark = spark
        self.workspace = workspace
        self._databricks = DatabricksSQL(self)

    @property
    def scala(self):
        return self.spark.sparkContext._jvm.org.apache.spark.sql.dbsh

    def activate(self):
        """Makes it the session of this thread's calls: Spark asks the thread where it is not told."""
        java = self.spark._jsparkSession
        self.spark.sparkContext._jvm.org.apache.spark.sql.classic.SparkSession.setActiveSession(java)

    @property
    def _catalogs(self):
        return self.spark._jsparkSession.sessionState().catalogManager()

    def current_catalog(self):
        return self._catalogs.currentCatalog().name()

    def current_schema(self):
        return ".".join(self._catalogs.currentNamespace())

    def full_name(self, parts):
        """The three parts of a table's name, from as many as were written."""
        parts = list(parts)
        if len(parts) == 1:
            parts.insert(0, self.current_schema())
        if len(parts) == 2:
            parts.insert(0, self.current_catalog())
        return parts

    @contextmanager
    def placed(self, catalog, schema):
        """Runs the body in this catalog and schema; afterwards the session is where it was, unless the body itself has
        moved it.
        """
        if not catalog and not schema:
            yield
            return
        before = (self.current_catalog(), self.current_schema())
        if catalog:
            self.spark.sql(f"SET CATALOG {quoted([catalog])}")
        if schema:
            self.spark.sql(f"USE SCHEMA {quoted([schema])}")
        there = (self.current_catalog(), self.current_schema())
        try:
            yield
        finally:
            if (self.current_catalog(), self.current_schema()) == there != before:
                self.spark.sql(f"USE {quoted(before)}")

    def frame(self, sql, parameters=None):
        """The result of a statement as a DataFrame; a command (DDL, DML) has run when this returns. Raises SQLError, and
        what `is_no_answer` tells of.
        """
        try:
            return self._databricks.run(sql, self._arguments(parameters or []))
        except Exception as error:
            if is_no_answer(error):
                raise
            raise sql_error(error) from None

    def _arguments(self, parameters):
        """The API's parameters as Spark takes them: by name, or in order when they have none."""
        from pyspark.sql.classic.column import Column

        if not parameters:
            return None
        zone = self.spark.conf.get("spark.sql.session.timeZone")
        literals = [
            Column(self.scala.Parameters.literal(parameter.get("value"), parameter.get("type") or "STRING", zone))
            for parameter in parameters
        ]
        if all(parameter.get("name") for parameter in parameters):
            return {parameter["name"]: literal for parameter, literal in zip(parameters, literals)}
        return literals
