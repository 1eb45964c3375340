"""`dbutils` for Python that runs here: files, secrets and task values of the workspace through the official SDK,
widgets and notebook.exit as everywhere. The SDK is imported on first use; it signs with dbsh's credentials.
"""

import functools
import logging

from .dbutils import FileInfo, Notebook, Widgets
from .protocol import to_json

# What is missing is not available …
WHERE = "here: it needs a notebook on the workspace"


class Part:
    """One of dbutils' parts: these of its functions are the SDK's, the others need the cluster of a notebook."""

    def __init__(self, name, functions, remote):
        """`remote()` is the SDK's part."""
        self._name = name
        self._functions = functions
        self._remote = remote

    def __dir__(self):
        return [*self._functions, "help"]

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._functions:
            raise NotImplementedError(f"dbutils.{self._name}.{name} is not available {WHERE}")
        return getattr(self._remote(), name)

    def help(self, name=None):
        print(f"dbutils.{self._name} has here: {', '.join(self._functions)}")


class Files(Part):
    """dbutils.fs; entries of a folder are named as in a notebook."""

    def __init__(self, client):
        super().__init__("fs", ("cp", "head", "ls", "mkdirs", "mv", "put", "rm"), lambda: client().dbutils.fs)
        self._client = client

    def ls(self, dir):
        return [info(one) for one in self._client().dbfs.list(dir)]


class Secrets(Part):
    """dbutils.secrets; their values are not shown in results, as a notebook does not show them."""

    # Whatever is as short is in every other text too.
    SHORTEST = 4

    def __init__(self, remote):
        super().__init__("secrets", ("get", "getBytes", "list", "listScopes"), remote)
        self._values = set()

    def get(self, scope, key):
        value = self._remote().get(scope, key)
        self._values.add(value)
        return value

    def getBytes(self, scope, key):
        value = self._remote().getBytes(scope, key)
        self._values.add(value.decode("utf-8", "replace"))
        return value

    def hidden_in(self, results):
        """A results object, as JSON text, with "[REDACTED]" for the values that were read."""
        for value in sorted(self._values, key=len, reverse=True):
            if len(value) >= self.SHORTEST:
                results = results.replace(to_json(value)[1:-1], "[REDACTED]")
        return results


def info(file):
    slash = "/" if file.is_dir else ""
    path = file.path.removeprefix("dbfs:").rstrip("/")
    name = path.rpartition("/")[2]
    return FileInfo(f"dbfs:{path}{slash}", name + slash, file.file_size or 0, file.modification_time)


class ConnectDBUtils:
    def __init__(self, host, credentials):
        """`host()` is the workspace's URL, once it is known."""
        self._host = host
        self._credentials = credentials
        self.widgets = Widgets()
        self.notebook = Notebook(WHERE)
        self.fs = Files(lambda: self._client)
        self.jobs = Part("jobs", ("taskValues",), lambda: self._client.dbutils.jobs)
        self._secrets = Secrets(lambda: self._client.dbutils.secrets)

    @functools.cached_property
    def _client(self):
        from databricks.sdk import WorkspaceClient
        from databricks.sdk.core import Config
        from databricks.sdk.credentials_provider import CredentialsStrategy

        credentials = self._credentials

        class Ours(CredentialsStrategy):
            def auth_type(self):
                return "dbsh"

            def __call__(self, config):
                return credentials.current

        logging.getLogger("databricks.sdk").setLevel(logging.ERROR)
        return WorkspaceClient(config=Config(host=self._host(), credentials_strategy=Ours()))

    @property
    def secrets(self):
        if self._host().startswith("http://"):  # as only this machine's is
            raise NotImplementedError("dbutils.secrets is not available in the local workspace")
        return self._secrets

    def without_secrets(self, results):
        return self._secrets.hidden_in(results)

    def help(self):
        print(
            "dbutils.fs, dbutils.secrets and dbutils.jobs.taskValues reach the workspace; dbutils.widgets and "
            "dbutils.notebook.exit work here. The rest needs a notebook on the workspace."
        )

    def __getattr__(self, name):
        raise NotImplementedError(f"dbutils.{name} is not available {WHERE}")
