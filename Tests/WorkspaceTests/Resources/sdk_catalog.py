"""The official Databricks SDK for Python lists and gets what there is in the catalogs of a workspace whose warehouse is stopped.

Prints one JSON object per step, as sdk_drive.py does.
"""
import datetime
import os
import time

from databricks.sdk import WorkspaceClient
from sdk_drive_steps import step

WAREHOUSE = os.environ["DATABRICKS_WAREHOUSE_ID"]
w = WorkspaceClient()


def finished(text):
    """The reply to a statement that has ended, however long a busy machine takes for it."""
    reply = w.statement_execution.execute_statement(statement=text, warehouse_id=WAREHOUSE, wait_timeout="50s")
    while reply.status.state.value in ("PENDING", "RUNNING"):
        time.sleep(0.2)
        reply = w.statement_execution.get_statement(reply.statement_id)
    return reply


def run(text):
    status = finished(text).status
    return status.state.value if status.error is None else status.error.message


for text in [
    "create schema main.shop comment 'what we sell'",
    "create table main.shop.orders (id bigint not null comment 'the key', day date, price decimal(10,2), "
    "tags array<string>, more struct<a:int,b:map<string,double>>) partitioned by (day) comment 'every order'",
    "insert into main.shop.orders values (1, date'2026-01-01', 2.5, array('x'), null), (2, date'2026-01-02', 3, null, null)",
    "create table main.shop.returns (id int)",
    "create view main.shop.dear as select id, price from main.shop.orders where price > 2",
    "create function main.shop.twice(x int, y decimal(10,2)) returns bigint comment 'doubles' return x * 2",
]:
    step("made", lambda: run(text))
INFORMATION = ["catalogs", "columns", "schemata", "tables", "views"]
described = {
    name: [row[:2] for row in finished(f"describe table main.information_schema.{name}").result.data_array]
    for name in INFORMATION
}
step("stopped", lambda: w.warehouses.stop(WAREHOUSE).result(datetime.timedelta(minutes=3)).state)

step("catalogs", lambda: [c.name for c in w.catalogs.list()])
step("catalog", lambda: w.catalogs.get("main").catalog_type)
step("catalog missing", lambda: w.catalogs.get("nope"))
step("schemas", lambda: [s.name for s in w.schemas.list("main")])
step("schemas in pages", lambda: [s.full_name for s in w.schemas.list("main", max_results=1)])
step("schema", lambda: w.schemas.get("main.shop").comment)
step("schema missing", lambda: w.schemas.get("main.nope"))
step("tables", lambda: [[t.name, t.table_type.value] for t in w.tables.list("main", "shop", max_results=2)])
step("tables without columns", lambda: [t.columns for t in w.tables.list("main", "shop", omit_columns=True)])
step("summaries", lambda: [t.full_name for t in w.tables.list_summaries(
    "main", schema_name_pattern="sh%", table_name_pattern="_r%")])
table = w.tables.get("main.shop.orders")
step("table", lambda: [table.table_type.value, table.data_source_format.value, table.comment, table.owner])
step("columns", lambda: [[c.name, c.type_text, c.type_name.value, c.comment, c.partition_index, c.nullable]
                         for c in table.columns])
step("rows", lambda: table.properties["spark.sql.statistics.numRows"])
step("view", lambda: w.tables.get("main.shop.dear").view_definition)
step("exists", lambda: [w.tables.exists(f"main.shop.{name}").table_exists for name in ("orders", "nope")])
step("table missing", lambda: w.tables.get("main.shop.nope"))
step("information schema", lambda: described == {
    name: [[c.name, c.type_text] for c in w.tables.get(f"main.information_schema.{name}").columns]
    for name in INFORMATION})
step("functions", lambda: [f.full_name for f in w.functions.list("main", "shop")])
step("function", lambda: [[p.name, p.type_text] for p in w.functions.get("main.shop.twice").input_params.parameters])
step("function returns", lambda: w.functions.get("main.shop.twice").full_data_type)
step("volumes", lambda: [v.full_name for v in w.volumes.list("main", "default")])
step("volume", lambda: w.volumes.read("main.default.files").volume_type)
step("volume missing", lambda: w.volumes.read("main.shop.nope"))
step("default catalog", lambda: w.metastores.current().default_catalog_name)
step("still stopped", lambda: w.warehouses.get(WAREHOUSE).state)
