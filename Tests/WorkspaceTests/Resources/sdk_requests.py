"""Makes each request of the connector's actions with the official Databricks SDK for Python, against DATABRICKS_HOST.

Before each one it asks for /mark/NAME, so that the server's log says which request belongs to what. The server refuses
everything but sign-ins: what counts is what is sent. The names are those of SDKRequestTests.
"""
import os
import urllib.error
import urllib.parse
import urllib.request

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import DatabricksError
from databricks.sdk.service import compute, sql

HOST = os.environ["DATABRICKS_HOST"]
PYTHON = compute.Language.PYTHON


def case(name, call):
    try:
        urllib.request.urlopen(f"{HOST}/mark/{urllib.parse.quote(name)}").read()
    except urllib.error.HTTPError:
        pass  # a mark is only for the log
    try:
        return call()
    except (DatabricksError, ValueError):
        return None


w = WorkspaceClient(host=HOST, token="dapi-secret", workspace_id="42")
clusters, warehouses, statements, commands = w.clusters, w.warehouses, w.statement_execution, w.command_execution

case("context create", lambda: commands.create(cluster_id="c", language=PYTHON))
case("context create in scala", lambda: commands.create(cluster_id="c", language=compute.Language.SCALA))
case("context status", lambda: commands.context_status("c", "x"))
case("context destroy", lambda: commands.destroy("c", "x"))
case("command execute", lambda: commands.execute(
    cluster_id="c", context_id="x", language=PYTHON, command='s = "é"\n\tprint(s)'))
case("command status", lambda: commands.command_status("c", "x", "1"))
case("command cancel", lambda: commands.cancel(cluster_id="c", context_id="x", command_id="1"))

case("cluster get", lambda: clusters.get("a b/1"))
case("clusters list", lambda: list(clusters.list(
    page_size=100, filter_by=compute.ListClustersFilterBy(
        cluster_sources=[compute.ClusterSource.UI, compute.ClusterSource.API]))))
case("clusters list, jobs' too", lambda: list(clusters.list(page_size=100)))
case("cluster start", lambda: clusters.start("c"))
case("cluster restart", lambda: clusters.restart("c"))
case("cluster restart for somebody", lambda: clusters.restart("c", restart_user="me@example.com"))
case("cluster terminate", lambda: clusters.delete("c"))
case("node types", lambda: clusters.list_node_types())
case("cluster events", lambda: list(clusters.events(
    "c", order=compute.GetEventsOrder.DESC, page_size=20, start_time=5,
    event_types=[compute.EventType.STARTING, compute.EventType.RUNNING])))

case("current user", lambda: w.current_user.me())

case("warehouse get", lambda: warehouses.get("w"))
case("warehouse get, an odd id", lambda: warehouses.get("w/1"))
case("warehouses list", lambda: list(warehouses.list()))
case("warehouse start", lambda: warehouses.start("w"))
case("warehouse stop", lambda: warehouses.stop("w"))

INLINE = dict(disposition=sql.Disposition.INLINE, format=sql.Format.JSON_ARRAY)
case("statement", lambda: statements.execute_statement("select 1", "w", wait_timeout="0s", **INLINE))
case("statement with everything", lambda: statements.execute_statement(
    "select :a", "w", catalog="main", schema="s", row_limit=10, wait_timeout="30s",
    on_wait_timeout=sql.ExecuteStatementRequestOnWaitTimeout.CONTINUE,
    disposition=sql.Disposition.EXTERNAL_LINKS, format=sql.Format.JSON_ARRAY,
    parameters=[sql.StatementParameterListItem(name="a", type="INT", value="5"),
                sql.StatementParameterListItem(name="b")],
    query_tags=[sql.QueryTag(key="client", value="dbsh"), sql.QueryTag(key="k")]))
case("statement get", lambda: statements.get_statement("01ef"))
case("statement cancel", lambda: statements.cancel_execution("01ef"))
case("statement chunk", lambda: statements.get_statement_result_chunk_n("01ef", 3))

case("raw get", lambda: w.api_client.do("GET", "/api/2.0/x", query={"a": "1", "b": "x y&z"}))
case("raw post", lambda: w.api_client.do("POST", "/api/2.0/x", body={"a": [1, "é"]}))
case("raw put of bytes", lambda: w.api_client.do(
    "PUT", "/api/2.0/fs/files/Volumes/c/s/v/f", data=b"\x00\x01", headers={"Content-Type": "application/octet-stream"}))

SECRET = dict(client_id="id", client_secret="s3cret")
case("service principal", lambda: WorkspaceClient(host=HOST, **SECRET).current_user.me())
case("service principal with scopes",
     lambda: WorkspaceClient(host=HOST, scopes=["sql", "clusters"], **SECRET).current_user.me())
