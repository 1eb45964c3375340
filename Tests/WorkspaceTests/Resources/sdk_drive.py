"""The official Databricks SDK for Python against a workspace at DATABRICKS_HOST, as any program would use it.

Prints one JSON object per step: name, what the SDK returned (or the exception's class and text). The test compares.
"""
import base64
import datetime
import io
import os
import sys

from databricks.sdk import WorkspaceClient
from databricks.sdk.service import compute, sql, workspace
from sdk_drive_steps import step

CLUSTER = os.environ["DATABRICKS_CLUSTER_ID"]
WAREHOUSE = os.environ["DATABRICKS_WAREHOUSE_ID"]
PYTHON = compute.Language.PYTHON
SHORT = datetime.timedelta(minutes=3)
HANGING_SQL, HANGING_PYTHON = sys.argv[1], sys.argv[2]


def statement(text, **more):
    more.setdefault("wait_timeout", "50s")
    return w.statement_execution.execute_statement(statement=text, warehouse_id=WAREHOUSE, **more)


w = WorkspaceClient()
step("me", lambda: w.current_user.me().user_name)
step("node types", lambda: len(w.clusters.list_node_types().node_types))
step("spark version", lambda: w.clusters.spark_versions().versions[0].key)

# Clusters
step("cluster missing", lambda: w.clusters.get("nope"))
step("cluster start", lambda: w.clusters.start(CLUSTER).result(SHORT).state)
step("cluster ensure", lambda: w.clusters.ensure_cluster_is_running(CLUSTER))
step("clusters list", lambda: [c.cluster_id == CLUSTER for c in w.clusters.list()])
step("cluster get", lambda: w.clusters.get(CLUSTER).state)
step("cluster start again", lambda: w.clusters.start(CLUSTER))
step("cluster restart", lambda: w.clusters.restart(CLUSTER).result(SHORT).state)
step("cluster events", lambda: "RESTARTING" in {e.type.value for e in w.clusters.events(CLUSTER)})

# Warehouses
step("warehouses list", lambda: [x.id == WAREHOUSE for x in w.warehouses.list()])
step("warehouse missing", lambda: w.warehouses.get("nope"))
step("warehouse start", lambda: w.warehouses.start(WAREHOUSE).result(SHORT).state)
step("warehouse get", lambda: w.warehouses.get(WAREHOUSE).state)

# Statements
done = step("statement", lambda: statement("select 1 as x"))
step("statement get", lambda: w.statement_execution.get_statement(done.statement_id).result.data_array)
step("statement chunk", lambda: w.statement_execution.get_statement_result_chunk_n(done.statement_id, 0).data_array)
step("statement failed", lambda: statement("selec 1").status)
running = step("statement async", lambda: statement(HANGING_SQL, wait_timeout="0s"))
step("statement running", lambda: w.statement_execution.get_statement(running.statement_id).status.state.value
     in ("PENDING", "RUNNING"))
step("statement cancel", lambda: w.statement_execution.cancel_execution(running.statement_id))
step("statement canceled", lambda: w.statement_execution.get_statement(running.statement_id).status.state)
step("statement missing", lambda: w.statement_execution.get_statement("01f0-none"))
step("statement parameters", lambda: statement(
    "select :a", parameters=[sql.StatementParameterListItem(name="a", value="1", type="INT")]).status.state)
step("history", lambda: done.statement_id in {q.query_id for q in w.query_history.list().res})

# Contexts and commands
context = step("context create", lambda: w.command_execution.create(cluster_id=CLUSTER, language=PYTHON).result(SHORT))
ids = dict(cluster_id=CLUSTER, context_id=context.id)
step("context status", lambda: w.command_execution.context_status(**ids).status)
step("command", lambda: w.command_execution.execute(**ids, language=PYTHON, command="1+1").result(SHORT).results.data)
step("command sql", lambda: w.command_execution.execute(
    **ids, language=compute.Language.SQL, command="select 1 as x").result(SHORT).results.result_type)
hanging = step("command hanging", lambda: w.command_execution.execute(
    **ids, language=PYTHON, command=HANGING_PYTHON).command_id)
step("command status", lambda: w.command_execution.command_status(**ids, command_id=hanging).status.value
     in ("Queued", "Running"))
step("command cancel", lambda: w.command_execution.cancel(**ids, command_id=hanging).result(SHORT).status)
step("command after cancel", lambda: w.command_execution.execute(
    **ids, language=PYTHON, command="1+1").result(SHORT).results.data)
step("context destroy", lambda: w.command_execution.destroy(CLUSTER, context.id))

# Files
FOLDER = "/Volumes/main/default/files"
CONTENT = bytes(range(256)) * 1000
step("volume folder", lambda: w.files.create_directory(FOLDER + "/a/b c"))
step("volume upload", lambda: w.files.upload(FOLDER + "/a/b c/é.bin", io.BytesIO(CONTENT), overwrite=False) is not None)
step("volume upload again", lambda: w.files.upload(FOLDER + "/a/b c/é.bin", io.BytesIO(b""), overwrite=False))
step("volume metadata", lambda: w.files.get_metadata(FOLDER + "/a/b c/é.bin").content_length)
step("volume download", lambda: w.files.download(FOLDER + "/a/b c/é.bin").contents.read() == CONTENT)
LARGE = os.urandom(1 << 20) * 55
step("volume large upload", lambda: w.files.upload(FOLDER + "/large", io.BytesIO(LARGE), overwrite=False) is not None)
step("volume large upload again", lambda: w.files.upload(FOLDER + "/large", io.BytesIO(LARGE), overwrite=False))
step("volume large download", lambda: w.files.download(FOLDER + "/large").contents.read() == LARGE)
with open("large", "wb") as file:
    file.write(LARGE)
step("volume large upload from a file", lambda: w.files.upload_from(FOLDER + "/large", "large", overwrite=True) is not None)
step("volume large download to a file", lambda: w.files.download_to(FOLDER + "/large", "back", overwrite=True) is not None
     and open("back", "rb").read() == LARGE)
step("volume list", lambda: [(e.name, e.is_directory) for e in w.files.list_directory_contents(FOLDER + "/a")])
step("volume folder in use", lambda: w.files.delete_directory(FOLDER + "/a"))
step("volume delete", lambda: w.files.delete(FOLDER + "/a/b c/é.bin"))
step("volume missing", lambda: w.files.download(FOLDER + "/a/b c/é.bin"))
step("no such volume", lambda: w.files.get_directory_metadata("/Volumes/main/default/none"))
w.workspace.mkdirs("/Workspace/Users/me@local/p")
w.workspace.import_("/Workspace/Users/me@local/p/n.py", format=workspace.ImportFormat.AUTO,
                    content=base64.b64encode(b"# Databricks notebook source\nprint(1)\n").decode())
step("workspace list", lambda: [(o.object_type.value, o.path) for o in w.workspace.list("/Workspace/Users/me@local/p")])
step("workspace export", lambda: base64.b64decode(w.workspace.export("/Workspace/Users/me@local/p/n").content).decode())
step("dbfs upload", lambda: w.dbfs.upload("/up/x.bin", io.BytesIO(CONTENT * 8)))
step("dbfs download", lambda: w.dbfs.download("/up/x.bin").read() == CONTENT * 8)

# The end of both, and other ways in
step("warehouse stop", lambda: w.warehouses.stop(WAREHOUSE).result(SHORT).state)
step("cluster delete", lambda: w.clusters.delete(CLUSTER).result(SHORT).state)
step("context on terminated", lambda: w.command_execution.create(cluster_id=CLUSTER, language=PYTHON).result(SHORT))
host = os.environ["DATABRICKS_HOST"]
client_id, client_secret = os.environ.pop("TEST_CLIENT_ID"), os.environ.pop("TEST_CLIENT_SECRET")
del os.environ["DATABRICKS_TOKEN"]
step("wrong token", lambda: WorkspaceClient(host=host, token="wrong").current_user.me())
step("service principal", lambda: WorkspaceClient(
    host=host, client_id=client_id, client_secret=client_secret).current_user.me().user_name)
step("wrong secret", lambda: WorkspaceClient(
    host=host, client_id=client_id, client_secret="wrong").current_user.me().user_name)
