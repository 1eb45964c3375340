"""A stand-in for the engine's worker.py: the same protocol, canned answers, no Spark.

The first word of a statement says what is to happen to it. If the workspace directory holds a FIFO called `boot`, every
boot waits for its words, one per line: `jvm`, `session`, `ready`, or `fail MESSAGE`.
"""
import json
import os
import stat
import sys
import threading

WORKSPACE = sys.argv[1]
lock = threading.Lock()
hanging = {}
views = {}
seen = set()


def send(**event):
    with lock:
        sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def stages():
    fifo = os.path.join(WORKSPACE, "boot")
    if os.path.exists(fifo) and stat.S_ISFIFO(os.stat(fifo).st_mode):
        # Byte by byte, and no further than `ready`: the rest is for the next boot.
        with open(fifo, "rb", buffering=0) as words:
            word = ""
            while word != "ready":
                word = words.readline().decode().strip()
                yield word
    else:
        yield from ("jvm", "session", "ready")


def boot():
    for stage in stages():
        if stage.startswith("fail"):
            send(ev="boot", stage="failed", message=stage[5:])
            os._exit(1)
        if stage == "ready":
            send(ev="gateway", port=4242, secret="gateway-secret")
        send(ev="boot", stage=stage, s=0.1)


def column(name, position=0):
    return {"name": name, "type_text": "STRING", "type_name": "STRING", "position": position}


def done(message, rows, columns=None, **more):
    text = json.dumps(rows)
    send(ev="done", id=message["id"], ms=1, columns=[column("x")] if columns is None else columns,
         row_count=len(rows), byte_count=len(text), truncated=more.pop("truncated", False), **more, rows=rows)


def typed(names, kind, start=0):
    return [dict(column(name, start + index), type_text=kind, type_name={"BIGINT": "LONG"}.get(kind, kind))
            for index, name in enumerate(names)]


def trips(message, count):
    """Rows like those of samples.nyctaxi.trips."""
    columns = (typed(["tpep_pickup_datetime", "tpep_dropoff_datetime"], "TIMESTAMP")
               + typed(["trip_distance", "fare_amount"], "DOUBLE", 2) + typed(["pickup_zip", "dropoff_zip"], "INT", 4))
    rows = [["2016-01-%02dT%02d:16:02.000Z" % (1 + row // 24 % 28, row % 24), "2016-01-%02dT%02d:27:02.000Z" % (
        1 + row // 24 % 28, row % 24), "%.2f" % (row % 97 / 7), "10.5", str(10001 + row), "10034"] for row in range(count)]
    done(message, rows, columns)


def chunks(message, count, rows_each):
    os.makedirs(message["dir"], exist_ok=True)
    parts = []
    for index in range(count):
        rows = [[str(index * rows_each + row)] for row in range(rows_each)]
        path = os.path.join(message["dir"], "chunk-%d.json" % index)
        with open(path, "w") as file:
            json.dump(rows, file)
        parts.append({"file": path, "chunk_index": index, "row_offset": index * rows_each, "row_count": rows_each,
                      "byte_count": os.path.getsize(path)})
    send(ev="done", id=message["id"], ms=1, columns=[column("x")], row_count=count * rows_each,
         byte_count=sum(part["byte_count"] for part in parts), truncated=False, chunks=parts)


def result(message, results, canceled=False):
    send(ev="result", id=message["id"], ms=1, canceled=canceled, results=results)


def wait(message):
    """Ends when a line comes out of the FIFO called `gate`."""
    with open(os.path.join(WORKSPACE, "gate"), "rb", buffering=0) as gate:
        gate.readline()
    if message["sql"].startswith("SHOW"):
        show(message)
    else:
        done(message, [["waited"]])


def show(message):
    names = {"SHOW TABLES": "orders", "SHOW SCHEMAS": "default", "SHOW CATALOGS": "main"}
    name = names.get(message["sql"])
    done(message, [[name]] if name else [], columns=[column("tableName")])


def command(message, word, rest):
    if word == "fail":
        result(message, {"resultType": "error", "summary": rest, "cause": rest})
    else:
        schema = [{"name": "x", "type": "\"string\"", "metadata": "{}"}]
        result(message, {"resultType": "table", "schema": schema, "data": [[rest]], "truncated": False,
                         "isJsonSchema": True})


def statement(message):
    if message["id"] in seen:
        sys.exit("the id %s was used twice" % message["id"])
    seen.add(message["id"])
    text = message.get("sql", message.get("code", ""))
    word, _, rest = text.partition(" ")
    if word == "die":
        os._exit(9)
    send(ev="running", id=message["id"])
    if word == "progress":
        rows, size, tasks, left = map(int, rest.split(" "))
        send(ev="progress", id=message["id"], rows_read=rows, bytes_read=size, tasks=tasks, tasks_left=left)
    if word in ("hang", "progress"):
        hanging[message["id"]] = (message, rest)
    elif message.get("results") == "command" or message["op"] == "scala":
        command(message, word, rest)
    elif word == "select":
        done(message, [[rest.split(" ")[0]]])
        send(ev="measured", id=message["id"], total_time_ms=40, compilation_time_ms=15, execution_time_ms=25,
             read_bytes=4096, read_files_count=2, pruned_files_count=1, pruned_bytes=2048, rows_read_count=12,
             spill_to_disk_bytes=0, result_from_cache=False)
    elif word == "wait" or word == "SHOW" and os.path.exists(os.path.join(WORKSPACE, "gate")):
        threading.Thread(target=wait, args=(message,), daemon=True).start()
    elif word == "SHOW":
        show(message)
    elif word == "echo":
        done(message, [[json.dumps(message, sort_keys=True)]])
    elif word == "environment":
        done(message, [[os.environ.get(rest)]])
    elif word == "ddl" or word == "USE" and "nowhere" not in rest:
        views[message.get("session")] = text
        done(message, [], columns=[])
    elif word == "recall":
        done(message, [[views.get(message.get("session"))]])
    elif word == "numbers":
        kinds = [{"name": name, "type_text": "INT", "type_name": "INT", "position": index}
                 for index, name in enumerate(("n", "square"))]
        done(message, [[str(n), str(n * n)] for n in range(int(rest))], columns=kinds)
    elif word == "trips":
        trips(message, int(rest))
    elif word == "metrics":
        names = ["metric_%03d" % (index + 1) for index in range(int(rest))]
        done(message, [["%d.5" % (index + 1) for index in range(len(names))]], columns=typed(names, "DOUBLE"))
    elif word == "nested":
        columns = typed(["id"], "INT") + typed(["who"], "STRUCT<name: STRING, tags: ARRAY<INT>>", 1)
        done(message, [["1", '{"name":"Ada","tags":["1","2"]}']], columns)
    elif word == "unresolved":
        before = text[:text.index("nam")]
        send(ev="error", id=message["id"], error_class="UNRESOLVED_COLUMN.WITH_SUGGESTION", sql_state="42703",
             message="[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `nam` "
             "cannot be resolved. Did you mean one of the following? [`name`, `id`]. SQLSTATE: 42703; line %d pos %d"
             % (before.count("\n") + 1, len(before) - before.rfind("\n") - 1))
    elif word == "named":
        done(message, [["1.5", "2.5"]], columns=typed([rest.strip(), "b"], "DOUBLE"))
    elif word == "routine":
        send(ev="error", id=message["id"], error_class="UNRESOLVED_ROUTINE", sql_state="42883",
             message="[UNRESOLVED_ROUTINE] Cannot resolve routine `%s` on search path [`system`.`builtin`, `main`.`default`]. "
             "SQLSTATE: 42883; line 1 pos 8" % rest.split("(")[0])
    elif word == "headers":
        done(message, [], columns=[column(name) for name in rest.split(" ")])
    elif word == "bytes":
        done(message, [["x" * int(rest)]])
    elif word == "chunks":
        chunks(message, *map(int, rest.split(" ")))
    else:
        send(ev="error", id=message["id"], message="[PARSE_SYNTAX_ERROR] Syntax error at or near '%s'." % word,
             error_class="PARSE_SYNTAX_ERROR", sql_state="42601")


def cancel(message):
    running, how = hanging.pop(message["id"], (None, None))
    if running is None:
        return
    if running.get("results") == "command" or running["op"] == "scala":
        result(running, {"resultType": "error", "summary": "late", "cause": "late"}, canceled=True)
    elif how == "deaf":
        done(running, [["late"]])
    else:
        send(ev="canceled", id=message["id"])


threading.Thread(target=boot, daemon=True).start()
for line in sys.stdin:
    order = json.loads(line)
    if order["op"] in ("sql", "scala"):
        statement(order)
    elif order["op"] == "cancel":
        cancel(order)
    elif order["op"] == "exit":
        break
os._exit(0)
