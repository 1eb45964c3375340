"""Statements that Databricks has and Spark lacks.

The rule: Spark gets the text unchanged first. Only when it refuses the text, before anything has run, is one of the
forms in the modules `…_statements` looked for. (The exceptions are a few lists, which Spark answers, but otherwise:
of catalogs only those used so far, and of tables and views none that are temporary; and SET AUTOCOMMIT, which it takes for a
setting of its own.)
"""

import json
import re
import uuid

from . import catalog_statements  # noqa: F401 (registers its statements)
from . import file_statements  # noqa: F401
from . import function_statements  # noqa: F401
from . import table_statements  # noqa: F401
from . import transaction_statements  # noqa: F401
from .errors import in_own_names
from .sql_rules import REWRITES, STATEMENTS
from .sql_text import json_paths_as_calls, without_comments

# Blanks and comments, taken once: a text full of comments must not be tried in every way to cut it.
GAP = r"(?>\s+|--[^\n]*|/\*.*?\*/)"
READ_FILES = re.compile(r"\bread_files\s*\(", re.IGNORECASE)
OWN_ANSWER = re.compile(
    rf"{GAP}*+(?:SHOW{GAP}++(?:CATALOGS|TABLES|VIEWS|TABLE{GAP}++EXTENDED)|SET{GAP}++AUTOCOMMIT)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_databricks_only(sql):
    """Whether a text that Spark has refused is a statement of Databricks' that this module would answer."""
    bare = without_comments(sql).strip().rstrip(";").strip()
    return any(pattern.fullmatch(bare) for pattern, _ in STATEMENTS) or READ_FILES.search(bare) is not None


class DatabricksSQL:
    """Runs statements in a session, in Databricks' dialect."""

    def __init__(self, session):
        self.session = session
        self._temporary_views = []
        # What is to be done when the statement has gone well.
        self.afterwards = []

    @property
    def spark(self):
        return self.session.spark

    @property
    def workspace(self):
        return self.session.workspace

    def run(self, sql, arguments=None):
        if OWN_ANSWER.match(sql):
            return self._answer(without_comments(sql))
        from pyspark.errors import AnalysisException

        text, first_refusal = sql, None
        try:
            while True:
                try:
                    return self._spark_answer(text, arguments)
                except AnalysisException as refusal:
                    first_refusal = first_refusal or refusal
                    condition = refusal.getCondition() or ""
                    # A script has run up to the statement that is refused, unless none of it could be read.
                    if condition != "PARSE_SYNTAX_ERROR" and re.match(r"\s*BEGIN\b", text, re.IGNORECASE):
                        raise
                    replacement = self._answer(text)
                    if replacement is None:
                        # Of a text we have changed, the user should not be shown what he did not write.
                        raise first_refusal if condition == "PARSE_SYNTAX_ERROR" else refusal
                    if not isinstance(replacement, str):
                        return replacement
                    text = replacement
        finally:
            for view in self._temporary_views:
                self.spark.catalog.dropTempView(view)
            self._temporary_views.clear()
            self.afterwards.clear()

    def _spark_answer(self, text, arguments):
        frame = self.spark.sql(text, args=arguments) if arguments else self.spark.sql(text)
        for action in self.afterwards:
            action()
        names = [in_own_names(name) for name in frame.columns]
        return frame if names == frame.columns else frame.toDF(*names)

    def _answer(self, sql):
        """A DataFrame, another text, or None when this is nothing of Databricks'."""
        bare = without_comments(sql).strip().rstrip(";").strip()
        for pattern, answer in STATEMENTS:
            match = pattern.fullmatch(bare)
            if match:
                return answer(self, match)
        for rewrite in REWRITES:
            changed = rewrite(self, sql)
            if changed != sql:
                return changed
        changed = json_paths_as_calls(sql)
        return changed if changed != sql else None

    def view(self, frame):
        name = f"dbsh_{uuid.uuid4().hex}"
        frame.createOrReplaceTempView(name)
        self._temporary_views.append(name)
        return name

    def rows(self, schema, rows):
        """A small frame made in the JVM: createDataFrame would start a Python process to read the rows back."""
        names = [field.split(" ", 1)[0] for field in schema.split(", ")]
        text = json.dumps(
            [dict(zip(names, row)) for row in rows], ensure_ascii=False, default=lambda value: value.isoformat()
        )
        from pyspark.sql.functions import lit

        arguments = {"rows": lit(text), "schema": lit(f"array<struct<{schema}>>")}
        return self.spark.sql("SELECT inline(from_json(:rows, :schema))", args=arguments)

    def nothing(self):
        """What a command answers: no column, no row."""
        from pyspark.sql.types import StructType

        return self.spark.createDataFrame([], StructType([]))
