"""Where the parts of the engine and of a workspace are."""

import json
import os
from dataclasses import dataclass

# What would make Spark, Java or Python load something else than the pinned engine.
DISTURBING_VARIABLES = (
    "SPARK_HOME",
    "SPARK_CONF_DIR",
    "SPARK_DIST_CLASSPATH",
    "SPARK_REMOTE",
    "SPARK_LOCAL_DIRS",
    "SPARK_MASTER",
    "PYSPARK_SUBMIT_ARGS",
    "PYSPARK_GATEWAY_PORT",
    "PYSPARK_GATEWAY_SECRET",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "CLASSPATH",
    "HADOOP_CONF_DIR",
    "HADOOP_HOME",
    "YARN_CONF_DIR",
)


@dataclass(frozen=True)
class Installation:
    """What scripts/setup laid out: `engine.json`, beside the folder of this file."""

    python: str
    java: str
    jar: str
    archive: str
    samples: str
    spark: str

    @staticmethod
    def of_this_program():
        path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "engine.json")
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
        return Installation(**{name: known[name] for name in Installation.__dataclass_fields__})


class Workspace:
    """The folder in which a local workspace keeps everything."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.catalogs = self._make("catalogs")
        self.dbfs = self._make("dbfs")
        self.home = self._make("home")
        self.logs = self._make("logs")
        self.results = self._make("results")
        self.packages = os.path.join(self.folder, "python")

    def _make(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def catalog_names(self):
        """The catalogs on disk and the sample one, sorted."""
        names = {name for name in os.listdir(self.catalogs) if not name.startswith(".")}
        return sorted(names | {"main", "samples"})


def clean_environment():
    """Drops the variables that would disturb the engine from this process, and so from its children."""
    for name in DISTURBING_VARIABLES:
        os.environ.pop(name, None)
