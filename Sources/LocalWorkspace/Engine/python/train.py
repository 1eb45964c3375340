"""Runs the engine once at set-up: makes the sample tables and, from the classes that were loaded, the archive that the
JVM starts from.
"""

import argparse
import os
import shutil
import sys
import tempfile

from .engine import Engine
from .installation import Installation, Workspace, clean_environment
from .session import Session

# Statements of every kind a first session is likely to hold: what they load is in the archive, and need not be loaded
# and verified then.
STATEMENTS = (
    "SELECT 1 AS one, 'x' AS s, CAST(1.5 AS DECIMAL(10, 2)) AS d, current_timestamp() AS now, DATE'2024-01-01' AS day",
    "SELECT array(1, 2), map('k', 1), named_struct('a', 1), X'CAFE', parse_json('{\"a\":1}'), INTERVAL '1' DAY",
    "USE CATALOG main",
    "SHOW CATALOGS",
    "SHOW SCHEMAS",
    "CREATE SCHEMA main.training",
    "USE SCHEMA training",
    "CREATE TABLE orders (id BIGINT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP, region STRING)",
    "INSERT INTO orders VALUES (1, 'ann', 10.5, TIMESTAMP'2024-01-01 10:00:00', 'EU'), "
    "(2, 'bob', 20, TIMESTAMP'2024-01-02 11:30:00', 'US')",
    "UPDATE orders SET amount = amount + 1 WHERE customer = 'ann'",
    "DELETE FROM orders WHERE id = 2",
    "MERGE INTO orders t USING (SELECT 3L AS id, 5 AS amount) s ON t.id = s.id "
    "WHEN MATCHED THEN UPDATE SET t.amount = s.amount "
    "WHEN NOT MATCHED THEN INSERT (id, amount) VALUES (s.id, s.amount)",
    "SELECT * FROM orders ORDER BY id",
    "SELECT region, count(*) AS n, sum(amount) FROM orders GROUP BY ALL HAVING n > 0 ORDER BY 2 DESC",
    "SELECT a.id, b.customer, row_number() OVER (PARTITION BY a.region ORDER BY a.id) FROM orders a "
    "LEFT JOIN orders b ON a.id = b.id",
    "CREATE OR REPLACE TABLE copy AS SELECT * FROM orders",
    "CREATE OR REPLACE TEMP VIEW v AS SELECT id FROM orders",
    "CREATE VIEW pv AS SELECT id FROM orders",
    "SHOW TABLES",
    "SHOW VIEWS",
    "DESCRIBE TABLE EXTENDED orders",
    "DESCRIBE HISTORY orders",
    "SELECT table_name FROM information_schema.tables",
    "SELECT explode(sequence(1, 3)) AS x",
    "SELECT count(*) FROM samples.nyctaxi.trips",
    "SELECT * FROM samples.bakehouse.customers LIMIT 5",
    "SELECT * FROM samples.bakehouse.shops",
    "SELECT * FROM samples.bakehouse.sales_by_country ORDER BY total DESC",
    "SELECT * FROM nowhere",
    "SELEC 1",
    "SELECT 1 / 0",
    "DROP SCHEMA training CASCADE",
)


def main():
    parser = argparse.ArgumentParser()
    for name in ("java", "jar", "samples", "samples-sql", "archive"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    clean_environment()
    shutil.rmtree(options.samples, ignore_errors=True)
    os.makedirs(options.samples)
    folder = tempfile.mkdtemp(prefix="dbsh-training-")
    installation = Installation(sys.executable, options.java, options.jar, "", options.samples, "")
    engine = Engine(installation, Workspace(folder), write_archive=options.archive, samples_writable=True)
    try:
        engine.start()
        session = Session(engine.session(), engine.workspace)
        session.activate()
        for statement in statements_of(options.samples_sql):
            fetch(engine, session, statement)
        for statement in STATEMENTS:
            try:
                fetch(engine, session, statement)
            except Exception as error:
                print(f"{statement}: {error}")
        for file in ("information_schema", "default"):
            shutil.rmtree(os.path.join(options.samples, "samples", file), ignore_errors=True)
    finally:
        # The archive is written while the JVM ends.
        engine.stop(patience=300)
        shutil.rmtree(folder, ignore_errors=True)
    if not os.path.exists(options.archive):
        sys.exit(f"Java wrote no class archive to {options.archive}")


def statements_of(path):
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("--")]
    return [text.strip() for text in "".join(lines).split(";\n") if text.strip()]


def fetch(engine, session, statement):
    frame = session.frame(statement)
    if frame.schema.fields:
        engine.scala.Results.statement(frame._jdf, "", 4 << 20, 16 << 20, 0, 0)
        engine.scala.Results.command(frame._jdf, 1000, 2 << 20)
