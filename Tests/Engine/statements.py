"""SQL as Databricks has it: what a session of a warehouse may be asked, in this order, and what it answers.

`expect` is the rows, a test of the rows, or None when running without an error is all that matters.
`{csv}` is a file of two rows.
"""

from typing import NamedTuple


class Statement(NamedTuple):
    name: str
    sql: str
    expect: object = None
    params: list = ()
    unordered: bool = False


def has(*texts):
    """Each text is somewhere in the rows."""
    return lambda rows: all(any(text in (cell or "") for row in rows for cell in row) for text in texts)


def count(number):
    return lambda rows: len(rows) == number


STATEMENTS = [
    # Namespaces
    Statement("namespace 1", "SHOW CATALOGS", has("main")),
    Statement("namespace 2", "USE CATALOG main"),
    Statement("namespace 3", "SELECT current_catalog()", [["main"]]),
    Statement("namespace 4", "CREATE SCHEMA IF NOT EXISTS main.sales COMMENT 'sales data'"),
    Statement("namespace 5", "SHOW SCHEMAS IN main", has("sales")),
    Statement("namespace 6", "USE SCHEMA sales"),
    Statement("namespace 7", "SELECT current_schema()", [["sales"]]),
    # Ddl
    Statement(
        "ddl 1",
        "CREATE TABLE orders (id BIGINT NOT NULL, customer STRING, amount DECIMAL(10,2), ts TIMESTAMP, region"
        " STRING) USING DELTA",
    ),
    Statement(
        "ddl 2",
        "CREATE TABLE customers (name STRING COMMENT 'full name', tier STRING, tags ARRAY<STRING>, props "
        "MAP<STRING,STRING>, addr STRUCT<city: STRING, zip: INT>)",
    ),
    Statement(
        "ddl 3",
        "CREATE OR REPLACE TABLE staging (id BIGINT, amount DECIMAL(10,2)) USING DELTA TBLPROPERTIES "
        "('delta.enableChangeDataFeed' = 'true')",
    ),
    Statement("ddl 4", "CREATE TABLE events (d DATE, kind STRING, n INT) USING PARQUET PARTITIONED BY (d)"),
    Statement("ddl 5", "ALTER TABLE staging ADD COLUMNS (note STRING COMMENT 'free text')"),
    Statement("ddl 6", "COMMENT ON TABLE orders IS 'all orders'"),
    Statement("ddl 7", "ALTER TABLE staging SET TBLPROPERTIES ('team' = 'me')"),
    Statement("ddl 8", "ALTER TABLE staging RENAME TO staging2"),
    # Dml
    Statement(
        "dml 1",
        "INSERT INTO orders VALUES (1,'ann',10.50,TIMESTAMP'2024-01-01 "
        "10:00:00','EU'),(2,'bob',20.00,TIMESTAMP'2024-01-02 "
        "11:30:00','US'),(3,'ann',7.25,TIMESTAMP'2024-02-01 "
        "09:00:00','EU'),(4,'cyd',99.99,TIMESTAMP'2024-02-03 23:59:59','APAC')",
    ),
    Statement(
        "dml 2",
        "INSERT INTO customers VALUES "
        "('ann','gold',array('a','b'),map('k','v'),named_struct('city','Oslo','zip',1234)), "
        "('bob',NULL,array(),map(),named_struct('city','Rome','zip',NULL))",
    ),
    Statement("dml 3", "INSERT INTO events PARTITION (d = DATE'2024-01-01') VALUES ('click', 3), ('view', 5)"),
    Statement("dml 4", "INSERT OVERWRITE events PARTITION (d = DATE'2024-01-01') SELECT 'click', 30"),
    Statement("dml 5", "SELECT kind, n FROM events", [["click", "30"]]),
    Statement("dml 6", "UPDATE orders SET amount = amount + 1 WHERE customer = 'ann'"),
    Statement(
        "dml 7",
        "SELECT id, amount FROM orders ORDER BY id",
        [["1", "11.50"], ["2", "20.00"], ["3", "8.25"], ["4", "99.99"]],
    ),
    Statement("dml 8", "DELETE FROM orders WHERE region = 'APAC'"),
    Statement("dml 9", "SELECT count(*) FROM orders", [["3"]]),
    Statement(
        "dml 10",
        "MERGE INTO orders t USING (SELECT * FROM VALUES (2, 25.00), (5, 1.00) AS s(id, amount)) s ON t.id = "
        "s.id WHEN MATCHED THEN UPDATE SET t.amount = s.amount WHEN NOT MATCHED THEN INSERT (id, amount) "
        "VALUES (s.id, s.amount)",
    ),
    Statement(
        "dml 11",
        "SELECT id, amount, customer FROM orders ORDER BY id",
        [["1", "11.50", "ann"], ["2", "25.00", "bob"], ["3", "8.25", "ann"], ["5", "1.00", None]],
    ),
    Statement("dml 12", "CREATE OR REPLACE TABLE eu_orders USING DELTA AS SELECT * FROM orders WHERE region = 'EU'"),
    Statement("dml 13", "TRUNCATE TABLE eu_orders"),
    # Show / describe
    Statement("show 1", "SHOW TABLES", has("orders", "customers")),
    Statement("show 2", "SHOW TABLES IN main.sales LIKE 'ord*'", has("orders")),
    Statement("show 3", "SHOW COLUMNS IN orders", count(5)),
    Statement("show 4", "DESCRIBE TABLE customers", has("array<string>", "full name")),
    Statement("show 5", "DESCRIBE TABLE EXTENDED orders", has("all orders")),
    Statement("show 6", "DESCRIBE DETAIL orders", has("orders")),
    Statement("show 7", "DESCRIBE HISTORY orders", lambda r: len(r) >= 1),
    Statement("show 8", "SHOW CREATE TABLE orders", has("CREATE TABLE")),
    Statement("show 9", "SHOW TBLPROPERTIES orders"),
    Statement("show 10", "SHOW FUNCTIONS LIKE 'array_*'", has("array_contains")),
    Statement("show 11", "SHOW PARTITIONS events", has("d=2024-01-01")),
    Statement("show 12", "DESCRIBE FUNCTION upper", has("upper")),
    Statement("show 13", "DESCRIBE SCHEMA sales", has("sales")),
    Statement("show 14", "DESCRIBE QUERY SELECT 1 AS a, 'x' AS b", has("a", "string")),
    Statement(
        "show 15",
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'sales' AND table_name = 'orders'",
        [["orders"]],
    ),
    # Queries
    Statement(
        "query 1",
        "SELECT region, count(*) AS n, sum(amount) FROM orders GROUP BY ALL ORDER BY region NULLS FIRST",
        [[None, "1", "1.00"], ["EU", "2", "19.75"], ["US", "1", "25.00"]],
    ),
    Statement(
        "query 2",
        "SELECT name, tag FROM customers LATERAL VIEW explode(tags) t AS tag ORDER BY tag",
        [["ann", "a"], ["ann", "b"]],
    ),
    Statement(
        "query 3",
        "SELECT name, pos, col FROM customers LATERAL VIEW OUTER posexplode(tags) p ORDER BY name, pos",
        [["ann", "0", "a"], ["ann", "1", "b"], ["bob", None, None]],
    ),
    Statement(
        "query 4",
        "SELECT transform(array(1,2,3), x -> x * 10), filter(array(1,2,3,4), x -> x % 2 = 0), "
        "aggregate(array(1,2,3), 0, (acc, x) -> acc + x)",
        [['["10","20","30"]', '["2","4"]', "6"]],
    ),
    Statement(
        "query 5",
        "SELECT exists(array(1,2,3), x -> x > 2), array_contains(array('a'), 'a'), size(map('a',1)), "
        "element_at(map('a',1),'a')",
        [["true", "true", "1", "1"]],
    ),
    Statement(
        "query 6",
        "SELECT named_struct('a', 1, 'b', 'x') AS s, addr.city FROM customers ORDER BY name LIMIT 1",
        lambda r: r[0][1] == "Oslo",
    ),
    Statement(
        "query 7",
        "SELECT date_add(DATE'2024-01-31', 1), datediff(DATE'2024-03-01', DATE'2024-02-01'), "
        "date_format(TIMESTAMP'2024-05-06 07:08:09', 'yyyy/MM/dd HH:mm'), date_trunc('MONTH', "
        "TIMESTAMP'2024-05-06 07:08:09'), last_day(DATE'2024-02-10')",
        lambda r: r[0][:3] == ["2024-02-01", "29", "2024/05/06 07:08"] and r[0][4] == "2024-02-29",
    ),
    Statement("query 8", "SELECT region, customer, count(*) FROM orders GROUP BY CUBE(region, customer)", count(10)),
    Statement(
        "query 9",
        "SELECT region, sum(amount), grouping(region) FROM orders GROUP BY ROLLUP(region) ORDER BY 3, 1",
        lambda r: len(r) == 4,
    ),
    Statement(
        "query 10",
        "SELECT * FROM (SELECT region, customer, amount FROM orders WHERE region IS NOT NULL) PIVOT "
        "(sum(amount) FOR region IN ('EU','US')) ORDER BY customer",
        [["ann", "19.75", None], ["bob", None, "25.00"]],
    ),
    Statement(
        "query 11",
        "SELECT id, customer FROM orders QUALIFY row_number() OVER (PARTITION BY customer ORDER BY id DESC) ="
        " 1 ORDER BY id",
        [["2", "bob"], ["3", "ann"], ["5", None]],
    ),
    Statement(
        "query 12",
        "SELECT id, sum(amount) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run "
        "FROM orders ORDER BY id",
        [["1", "11.50"], ["2", "36.50"], ["3", "44.75"], ["5", "45.75"]],
    ),
    Statement(
        "query 13",
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT * FROM t",
        [["1"], ["2"], ["3"]],
        unordered=True,
    ),
    Statement("query 14", "SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(x, y)", [["1", "a"], ["2", "b"]]),
    Statement("query 15", "SELECT explode(sequence(1, 3)) AS x", [["1"], ["2"], ["3"]]),
    Statement("query 16", "SELECT * EXCEPT (ts, region) FROM orders ORDER BY id LIMIT 1", [["1", "ann", "11.50"]]),
    Statement(
        "query 17",
        "SELECT get_json_object('{\"a\":{\"b\":1}}', '$.a.b'), from_json('{\"x\":1}', 'x INT').x, "
        "to_json(named_struct('k', 1))",
        [["1", "1", '{"k":1}']],
    ),
    Statement("query 18", "SELECT '{\"a\":1}':a::int + 1, parse_json('{\"b\":2}'):b::string", [["2", "2"]]),
    Statement(
        "query 19",
        "SELECT try_cast('x' AS INT), try_divide(1, 0), try_to_number('12', '99'), nvl(NULL, 1), iff(1=1,'y','n')",
        [[None, None, "12", "1", "y"]],
    ),
    Statement(
        "query 20",
        "SELECT collect_list(customer), collect_set(region), percentile_approx(id, 0.5), "
        "approx_count_distinct(customer) FROM orders",
        count(1),
    ),
    Statement("query 21", "SELECT * FROM orders TABLESAMPLE (50 PERCENT)"),
    Statement("query 22", "SELECT id FROM range(5) WHERE id > 2", [["3"], ["4"]]),
    Statement(
        "query 23",
        "SELECT regexp_extract('a1b22', '([0-9]+)$', 1), split('a,b', ','), concat_ws('-', 'x', 'y'), "
        "initcap('hello world'), substring_index('a.b.c','.',2)",
        [["22", '["a","b"]', "x-y", "Hello World", "a.b"]],
    ),
    Statement("query 24", "SELECT a.id FROM orders a LEFT ANTI JOIN customers c ON a.customer = c.name", [["5"]]),
    Statement(
        "query 25",
        "SELECT id, stack(2, 'a', amount, 'b', amount) AS (k, v) FROM orders WHERE id = 1",
        [["1", "a", "11.50"], ["1", "b", "11.50"]],
    ),
    Statement("query 26", "SELECT * FROM orders UNPIVOT (v FOR k IN (region, customer)) ORDER BY id LIMIT 2", count(2)),
    Statement(
        "query 27",
        "SELECT unix_timestamp(TIMESTAMP'1970-01-01 00:00:10'), from_unixtime(0), to_timestamp('2024-01-01 "
        "01:02:03'), INTERVAL 1 DAY + DATE'2024-01-01', months_between(DATE'2024-03-01',DATE'2024-01-01')",
        lambda r: r[0][0] == "10" and r[0][4] in ("2.0", "2"),
    ),
    Statement(
        "query 28",
        "SELECT count_if(amount > 10), max_by(customer, amount), bool_or(region='EU'), try_sum(amount), "
        "mode(region) FROM orders",
        lambda r: r[0][:2] == ["2", "bob"],
    ),
    Statement("query 29", "FROM orders |> WHERE id < 3 |> SELECT id |> ORDER BY id", [["1"], ["2"]]),
    Statement("query 30", "SELECT e.d, l.x FROM events e, LATERAL (SELECT e.n + 1 AS x) l", [["2024-01-01", "31"]]),
    # Parameters, session, misc
    Statement(
        "params 1",
        "SELECT :a + 1 AS x, :s AS y, :d AS z",
        [["42", "hi", "2024-01-01"]],
        params=[
            dict(name="a", value="41", type="INT"),
            dict(name="s", value="hi", type="STRING"),
            dict(name="d", value="2024-01-01", type="DATE"),
        ],
    ),
    Statement(
        "params 2",
        "SELECT * FROM IDENTIFIER(:t) WHERE id = :id",
        count(1),
        params=[dict(name="t", value="main.sales.orders", type="STRING"), dict(name="id", value="1", type="BIGINT")],
    ),
    Statement("view 1", "CREATE OR REPLACE TEMP VIEW v AS SELECT id, amount FROM orders"),
    Statement("view 2", "SELECT count(*) FROM v", [["4"]]),
    Statement("view 3", "CREATE OR REPLACE VIEW pv AS SELECT id FROM orders"),
    Statement("view 4", "SHOW VIEWS", has("v")),
    Statement("function 1", "CREATE OR REPLACE FUNCTION main.sales.add1(x INT) RETURNS INT RETURN x + 1"),
    Statement("function 2", "SELECT main.sales.add1(41)", [["42"]]),
    Statement("function 3", "CREATE OR REPLACE TEMPORARY FUNCTION dbl(x INT) RETURNS INT RETURN x * 2"),
    Statement("function 4", "SELECT dbl(21)", [["42"]]),
    Statement("session 1", "SET spark.sql.ansi.enabled = true"),
    Statement("session 2", "SET TIME ZONE 'UTC'"),
    Statement("session 3", "SET timezone = UTC"),
    Statement("session 4", "DECLARE OR REPLACE VARIABLE myv INT DEFAULT 5"),
    Statement("session 5", "SET VAR myv = 7"),
    Statement("session 6", "SELECT myv", [["7"]]),
    Statement("session 7", "EXPLAIN SELECT count(*) FROM orders", lambda r: len(r) >= 1),
    Statement("session 8", "EXECUTE IMMEDIATE 'SELECT ? + 1' USING 41", [["42"]]),
    Statement("session 9", "BEGIN DECLARE x INT DEFAULT 1; SET x = x + 1; SELECT x; END", [["2"]]),
    Statement("delta 1", "OPTIMIZE orders ZORDER BY (id)"),
    Statement("delta 2", "VACUUM orders"),
    Statement("delta 3", "SELECT count(*) FROM orders VERSION AS OF 1"),
    Statement("delta 4", "ANALYZE TABLE orders COMPUTE STATISTICS"),
    Statement("delta 5", "CACHE SELECT * FROM orders"),
    Statement("delta 7", "SHOW VOLUMES"),
    Statement("delta 8", "COPY INTO staging2 FROM '{csv}' FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true')"),
    Statement("delta 9", "SELECT * FROM read_files('{csv}', format => 'csv', header => true)", count(2)),
    Statement("delta 10", "SELECT * FROM csv.`{csv}`", count(3)),
    Statement("generated 1", "CREATE TABLE made (id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5), a INT, b INT GENERATED ALWAYS AS (a * 2))"),
    Statement("generated 2", "INSERT INTO made (a) VALUES (1), (2)"),
    Statement("generated 3", "INSERT INTO made (a) SELECT 3"),
    Statement("generated 4", "SELECT * FROM made ORDER BY id", [["10", "1", "2"], ["15", "2", "4"], ["20", "3", "6"]]),
    Statement("generated 5", "DELETE FROM made WHERE id = 20"),
    Statement("generated 6", "INSERT INTO made (a) VALUES (7)"),
    Statement("generated 7", "SELECT * FROM made ORDER BY id", [["10", "1", "2"], ["15", "2", "4"], ["25", "7", "14"]]),
    Statement("generated 8", "CREATE TABLE chosen (id BIGINT GENERATED BY DEFAULT AS IDENTITY, a STRING)"),
    Statement("generated 9", "INSERT INTO chosen VALUES (100, 'mine'), (DEFAULT, 'yours')"),
    Statement("generated 10", "MERGE INTO chosen USING (SELECT 'mine' AS n UNION ALL SELECT 'new') s ON chosen.a = s.n WHEN MATCHED THEN UPDATE SET a = 'ours' WHEN NOT MATCHED THEN INSERT (a) VALUES (s.n)"),
    Statement("generated 11", "SELECT * FROM chosen ORDER BY id", [["1", "yours"], ["2", "new"], ["100", "ours"]]),
    Statement("generated 12", "UPDATE made AS m SET a = m.a * 10 WHERE id = 10"),
    Statement("generated 13", "MERGE INTO made USING (SELECT 2 AS k, 5 AS v UNION ALL SELECT 99, 6) s ON made.a = s.k WHEN MATCHED THEN UPDATE SET A = s.v WHEN NOT MATCHED THEN INSERT (a) VALUES (s.v)"),
    Statement("generated 14", "INSERT INTO made (b, a) VALUES (14, 7)"),
    Statement("generated 15", "SELECT * FROM made ORDER BY id", [["10", "10", "20"], ["15", "5", "10"], ["25", "7", "14"], ["30", "6", "12"], ["35", "7", "14"]]),
    Statement("generated 16", "CREATE TABLE nested (s STRUCT<x: INT, y: STRING>, `the day` DATE GENERATED ALWAYS AS (make_date(s.x, 1, 1)), d INT DEFAULT 3, e INT NOT NULL GENERATED ALWAYS AS (D + 1))"),
    Statement("generated 17", "INSERT INTO nested (s) VALUES (named_struct('x', 2000, 'y', 'a')), (named_struct('x', 2001, 'y', 'b'))"),
    Statement("generated 18", "UPDATE nested SET s.x = s.x + 10, d = DEFAULT WHERE s.y IN (SELECT col1 FROM VALUES ('b'))"),
    Statement("generated 19", "MERGE INTO nested USING (SELECT 'c' AS y) t ON nested.s.y = t.y WHEN NOT MATCHED THEN INSERT (s) VALUES (named_struct('x', 1999, 'y', t.y)) WHEN NOT MATCHED BY SOURCE AND d = 3 AND s.x = 2000 THEN UPDATE SET d = 7"),
    Statement("generated 20", "SELECT s.y, `the day`, d, e FROM nested ORDER BY 1", [["a", "2000-01-01", "7", "8"], ["b", "2011-01-01", "3", "4"], ["c", "1999-01-01", "3", "4"]]),
    Statement("cleanup 1", "DROP VIEW pv"),
    Statement("cleanup 2", "DROP TABLE IF EXISTS orders"),
    Statement("cleanup 3", "UNDROP TABLE orders"),
    Statement("cleanup 4", "DROP SCHEMA main.sales CASCADE"),
]
