"""Spark itself: its configuration, its JVM and the session from which all others are made."""

import importlib.util
import os
import shutil
import tempfile
import threading
import warnings

from . import jvm
from .packages import Packages

LOCAL_CATALOG = "org.apache.spark.sql.dbsh.LocalCatalog"

# Statements run side by side in this many slots, not in as many as there are cores: with two slots, two long statements
# would keep every other one from starting. Scheduling is fair among them, so a short one passes a long one.
SLOTS = 16


class Engine:
    """One JVM with Spark, on the tables of one workspace folder."""

    def __init__(self, installation, workspace, *, write_archive=None, samples_writable=False):
        self.installation = installation
        self.workspace = workspace
        self.jvm = None
        self.spark = None
        self._write_archive = write_archive
        self._samples_writable = samples_writable
        self._scratch = tempfile.mkdtemp(prefix="dbsh-engine-")
        self.class_folder = os.path.join(self._scratch, "classes")
        os.makedirs(self.class_folder)

    # Starting and ending ------------------------------------------------------------------------------------------

    def start(self, stage=lambda name: None):
        """Starts the JVM and Spark; calls `stage` with "jvm" and "session" as each is there."""
        # Importing pyspark takes as long as the JVM needs to boot: both at once.
        threading.Thread(target=lambda: __import__("pyspark.sql"), daemon=True).start()
        spark_home = os.path.dirname(importlib.util.find_spec("pyspark").origin)
        line = jvm.command(
            spark_home,
            self._settings(),
            java=self.installation.java,
            jar=self.installation.jar,
            archive=self.installation.archive,
            write_archive=self._write_archive,
            heap=os.environ.get("DBSH_ENGINE_MEMORY", "1g"),
            quick_compiler=cores() <= 2,
        )
        # The JVM itself runs UDFs of Spark Connect with the Python that it was told of at its start.
        python = self.installation.python
        environment = {
            **os.environ,
            "PYTHONPATH": Packages(self.workspace.packages).site_packages,
            "PYSPARK_PYTHON": python,
            "PYSPARK_DRIVER_PYTHON": python,
        }
        log = os.path.join(self.workspace.logs, "engine.log")
        self.jvm = jvm.JVM(line, spark_home, log, environment, self._scratch)
        self.jvm.connect()
        stage("jvm")
        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = python
        os.environ["PYSPARK_GATEWAY_PORT"] = str(self.jvm.port)
        os.environ["PYSPARK_GATEWAY_SECRET"] = self.jvm.secret
        quieten_pyspark()
        from pyspark.sql import SparkSession

        self.spark = SparkSession.builder.getOrCreate()
        stage("session")

    def stop(self, patience=1.0):
        """Ends the JVM, with force after `patience` seconds: fewer than the server grants the worker."""
        if self.jvm is not None:
            self.jvm.stop(patience)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _settings(self):
        parallelism = str(max(2, min(cores(), 8)))
        settings = {
            "spark.app.name": "Local workspace",
            "spark.master": f"local[{SLOTS}]",
            "spark.scheduler.mode": "FAIR",
            "spark.default.parallelism": parallelism,
            "spark.sql.shuffle.partitions": parallelism,
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": self._scratch,
            "spark.repl.class.outputDir": self.class_folder,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.ui.retainedJobs": "20",
            "spark.ui.retainedStages": "20",
            "spark.sql.ui.retainedExecutions": "10",
            "spark.python.authenticate.socketTimeout": "60s",
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.warehouse.dir": os.path.join(self._scratch, "spark_catalog"),
            "spark.sql.defaultCatalog": "main",
            "spark.sql.extensions": "org.apache.spark.sql.dbsh.GeneratedAssignments",
            "spark.sql.defaultColumn.allowedProviders": "csv,json,orc,parquet,delta",
            "spark.sql.session.timeZone": "UTC",
        }
        for name in self.workspace.catalog_names():
            settings[f"spark.sql.catalog.{name}"] = LOCAL_CATALOG
            settings[f"spark.sql.catalog.{name}.root"] = self.workspace.catalogs
        settings["spark.sql.catalog.samples.root"] = self.installation.samples
        settings["spark.sql.catalog.samples.readOnly"] = "false" if self._samples_writable else "true"
        return settings

    # What runs in the JVM -----------------------------------------------------------------------------------------

    @property
    def context(self):
        return self.spark.sparkContext

    @property
    def scala(self):
        """Our own Scala objects: `scala.Results`, `scala.Sessions` …"""
        return self.context._jvm.org.apache.spark.sql.dbsh

    def serve_connect(self, tokens):
        """Opens the Spark Connect endpoint if it is not open, for these tokens (each with its end, in milliseconds since
        1970; None is never); its port, and what runs there now.
        """
        endpoint = self.context._jvm.org.apache.spark.sql.connect.dbsh.ConnectEndpoint
        accepted = self.context._gateway.new_array(self.context._jvm.java.lang.String, len(tokens))
        for index, one in enumerate(tokens):
            accepted[index] = f"{one['end'] or ''} {one['token']}"
        port = endpoint.start(self.context._jsc.sc(), accepted)
        names = ("id", "session", "state")
        return port, [dict(zip(names, operation.split(" "))) for operation in endpoint.operations()]

    def session(self, name=None):
        """The Spark session of that name (made when it is not there), or one that nobody else has."""
        from pyspark.sql import SparkSession

        sessions = self.scala.Sessions
        return SparkSession(self.context, sessions.anonymous() if name is None else sessions.get(name))


def cores():
    """How many cores the engine may count on."""
    return int(os.environ.get("DBSH_ENGINE_CORES") or len(os.sched_getaffinity(0)))


def quieten_pyspark():
    """Errors reach the user through the API; pyspark would write each to stderr too, and warnings about versions."""
    warnings.filterwarnings("ignore", module=r"pyspark\b")
    from pyspark.logger import PySparkLogger

    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True
