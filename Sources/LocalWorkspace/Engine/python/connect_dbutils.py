"""`dbutils` for Python that runs here: files, secrets and task values of the workspace through the official SDK,
widgets and notebook.exit as everywhere. The SDK is imported on first use; it signs with dbsh's credentials.
"""

import functools
import logging

from dbutils import Notebook, Widgets


class ConnectDBUtils:
    def __init__(self, host, credentials):
        """`host()` is the workspace's URL, once it is known."""
        self._host = host
        self._credentials = credentials
        self.widgets = Widgets()
        self.notebook = Notebook("here: it needs a notebook on the workspace")

    @functools.cached_property
    def _remote(self):
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
        return WorkspaceClient(config=Config(host=self._host(), credentials_strategy=Ours())).dbutils

    @property
    def fs(self):
        return self._remote.fs

    @property
    def secrets(self):
        return self._remote.secrets

    @property
    def jobs(self):
        return self._remote.jobs

    def help(self):
        print(
            "dbutils.fs, dbutils.secrets and dbutils.jobs.taskValues reach the workspace; dbutils.widgets and "
            "dbutils.notebook.exit work here. The rest needs a notebook on the workspace."
        )

    def __getattr__(self, name):
        raise NotImplementedError(f"dbutils.{name} is not available here: it needs a notebook on the workspace")
