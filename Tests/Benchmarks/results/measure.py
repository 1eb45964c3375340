"""Measures dbsh beside sqlite3, psql and duckdb on the same rows, and prints medians and ratios. Called by scripts/benchmarks/results."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import sys
import time

import multiprocessing

import data

dbsh, cache, duckdb, postgres_port, quick = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5] == "quick"
TURNS = 3 if quick else 5
here = pathlib.Path(__file__).parent
server = subprocess.Popen([sys.executable, here / "server.py", cache], stdout=subprocess.PIPE, text=True)
port = server.stdout.readline().strip()
environment = {"PATH": os.environ["PATH"], "HOME": str(cache), "LC_ALL": "C.UTF-8", "DATABRICKS_HOST": f"http://127.0.0.1:{port}",
               "DATABRICKS_TOKEN": "benchmark", "DATABRICKS_WAREHOUSE_ID": "w", "TMPDIR": str(cache)}


def made(make, *arguments, **options):
    """Makes data in a process of its own: a child starts with its parent's peak memory, which must stay small."""
    process = multiprocessing.get_context("fork").Process(target=make, args=arguments, kwargs=options)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit("the data could not be made")
    return arguments[0]


def shell(*words):
    return [dbsh, "-X", *words]


def run(command, output="/dev/null"):
    """Wall and CPU time in ms, peak memory in MB."""
    with open(output, "wb") as target, open(cache / "stderr", "wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=target, stderr=errors, env=environment, cwd=cache)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = status
    if status:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{(cache / 'stderr').read_text()}")
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


def medians(commands, turns=TURNS, folder=None):
    """Runs the commands in turn, so that a busy machine slows them all; medians of each measure. One may come with a file for its output.

    What they left in `folder` goes before each, to the disk as well: none is to pay for another's files."""
    samples = {name: [] for name in commands}
    for _ in range(turns):
        for name, command in commands.items():
            if folder:
                for path in folder.iterdir():
                    path.unlink()
                os.sync()
            samples[name].append(run(*command) if isinstance(command, tuple) else run(command))
    return {name: [statistics.median(values) for values in zip(*runs)] for name, runs in samples.items()}


def report(title, results, first, limits):
    print(f"\n{title}\n{'':34}{'wall ms':>9}{'CPU ms':>9}{'peak MB':>9}   CPU of dbsh / its CPU")
    for name, (wall, cpu, memory) in results.items():
        ratio = "" if name.startswith("dbsh") else f"   {results[first][1] / cpu:5.2f}"
        if name in limits:
            ratio += f"  (wanted ≤ {limits[name]:.3g})" + ("" if results[first][1] / cpu <= limits[name] else "  NOT REACHED")
        print(f"{name:34}{wall:9.0f}{cpu:9.0f}{memory:9.1f}{ratio}")
    peak = max(memory for name, (_, _, memory) in results.items() if name.startswith("dbsh"))
    print(f"peak memory of dbsh: {peak:.1f} MB (wanted ≤ 64)" + ("" if peak <= 64 else "  NOT REACHED"))


def statement(folder, how="inline"):
    return f"select '{how} {folder}'"


# ---------------------------------------------------------------------------------------------------------------- the same rows

million = made(data.chunks, cache / "rows-1000000", 1_000_000, 5)
table = made(data.table, cache / "rows.csv", 1_000_000)
database = cache / "rows.sqlite"
if not database.exists():
    subprocess.run(["sqlite3", database, "-cmd", "create table t(id integer, amount real, name text, at text, label text)",
                    ".mode csv", f".import {table} t"], check=True)
duck = cache / "rows.duckdb"
if not duck.exists():
    subprocess.run([duckdb, duck, f"create table t as from read_csv('{table}', header = false, columns = {{'id': 'bigint', "
                    "'amount': 'double', 'name': 'varchar', 'at': 'varchar', 'label': 'varchar'})"], check=True, stdout=subprocess.DEVNULL)
psql = ["psql", "-X", "-q", "-h", "127.0.0.1", "-p", postgres_port, "-U", "bench", "-d", "postgres", "-P", "pager=off"]
subprocess.run([*psql, "-c", "create table if not exists t(id bigint, amount double precision, name text, at text, label text)",
                "-c", "truncate t", "-c", f"\\copy t from '{table}' with csv"], check=True, stdout=subprocess.DEVNULL)

query = "select * from t"
report("1,000,000 × 5 as an aligned box", medians({
    "dbsh box, chunks": shell("-m", "box", "-c", statement("rows-1000000")),
    "dbsh box, links": shell("-m", "box", "-c", statement("rows-1000000", "links")),
    "sqlite3 -box": ["sqlite3", "-box", database, query],
    "psql border 2 unicode": [*psql, "-P", "border=2", "-P", "linestyle=unicode", "-c", query],
    "duckdb -box": [duckdb, "-readonly", duck, "-cmd", ".maxrows -1", "-cmd", ".maxwidth 100000", "-box", "-c", query],
}), "dbsh box, chunks", {"sqlite3 -box": 1 / 4, "psql border 2 unicode": 1 / 8, "duckdb -box": 1 / 8})
report("1,000,000 × 5 as csv", medians({
    "dbsh csv, chunks": shell("-m", "csv", "-c", statement("rows-1000000")),
    "dbsh csv, links": shell("-m", "csv", "-c", statement("rows-1000000", "links")),
    "sqlite3 -csv": ["sqlite3", "-csv", database, query],
    "psql --csv": [*psql, "--csv", "-c", query],
    "duckdb -csv": [duckdb, "-readonly", duck, "-csv", "-c", query],
}), "dbsh csv, chunks", {"psql --csv": 0.4})

# -------------------------------------------------------------------------------------------------------------------- first page

made(data.chunks, cache / "rows-40", 40, 5)
page = medians({
    "40 rows of 40": shell("-m", "box", "-c", ".rows 40", "-c", statement("rows-40")),
    "40 rows of 1,000,000": shell("-m", "box", "-c", ".rows 40", "-c", statement("rows-1000000")),
}, 9 if quick else 31)
ratio = page["40 rows of 1,000,000"][0] / page["40 rows of 40"][0]
print("\nfirst page, whole process")
for name, (wall, cpu, memory) in page.items():
    print(f"{name:34}{wall:9.1f} ms wall{cpu:9.1f} ms CPU{memory:9.1f} MB")
print(f"ratio {ratio:.2f} (wanted ≤ 1.2){'' if ratio <= 1.2 else '  NOT REACHED'}")

# ------------------------------------------------------------------------------------------------------------------------ growth


def times(name, source, count):
    """`source` several times behind itself."""
    folder = cache / name
    if not (folder / "meta.json").exists():
        folder.mkdir(exist_ok=True)
        meta = json.loads((source / "meta.json").read_text())
        extents = []
        for turn in range(count):
            for extent in meta["chunks"]:
                index = len(extents)
                if not (folder / f"{index}.json").exists():
                    os.link(source / f"{extent['chunk_index']}.json", folder / f"{index}.json")
                extents.append({**extent, "chunk_index": index, "row_offset": extent["row_offset"] + turn * meta["rows"]})
        (folder / "meta.json").write_text(json.dumps({**meta, "rows": meta["rows"] * count, "chunks": extents}))
    return folder


shapes = [(10**4, 5), (10**5, 5), (10**6, 5), (10**7, 5), (200_000, 5), (20_000, 50), (2_000, 500)]
empty = medians({"start": shell("-m", "csv", "-c", statement("rows-40"))}, 7)["start"][1]
print(f"\ngrowth: CPU per cell, without the {empty:.0f} ms of a 40-row result\n{'rows × columns':>20}{'box ns':>9}{'MB':>7}{'csv ns':>9}{'MB':>7}")
for rows, width in shapes:
    name = f"rows-{rows}" if width == 5 else f"rows-{rows}-{width}"
    times(name, million, 10) if rows == 10**7 else made(data.chunks, cache / name, rows, width)
    line = f"{rows:>14,} × {width:<3}"
    for mode in ["box", "csv"]:
        turns = 1 if rows == 10**7 else 3 if rows == 10**6 else 7
        _, cpu, memory = medians({"": shell("-m", mode, "-c", statement(name))}, turns)[""]
        line += f"{(cpu - empty) * 1e6 / (rows * width):9.1f}{memory:7.0f}"
    print(line)

# ------------------------------------------------------------------------------------------------------------------------ export

GIGABYTES = 1 if quick else 5
big = made(data.chunks, cache / "rows-big", 800_000, 5, chunk_bytes=50_000_000)
made(data.repeated, cache / f"export-{GIGABYTES}", big, GIGABYTES * 20)
made(data.arrow, cache / f"arrow-{GIGABYTES}", 50_000_000, GIGABYTES * 20)
urls = lambda name: [f"http://127.0.0.1:{port}/files/{name}-{GIGABYTES}/[0-{GIGABYTES * 20 - 1}]"]
size = sum(c["byte_count"] for c in json.loads((cache / f"arrow-{GIGABYTES}/meta.json").read_text())["chunks"])


def exports(title, whole, part, outputs, folder=None):
    """curl and dbsh beside each other; `whole` takes all that curl receives, one link behind the other, `part` a link's when they run in parallel."""
    curl = lambda name: (["curl", "-s", "-S", *urls(name)], whole)
    parallel = ["curl", "-s", "-S", "--no-progress-meter", "--parallel", "--parallel-max", "6",
                *(word for url in urls("arrow") for word in ("-o", part, url))]
    found = medians({
        "curl, the arrow links": curl("arrow"),
        "curl --parallel, the arrow links": parallel,
        "dbsh export of arrow": shell("-o", outputs["arrow"], "-c", statement(f"arrow-{GIGABYTES}", "links")),
        "curl, the json links": curl("export"),
        "dbsh export of json as csv": shell("-o", outputs["csv"], "-c", statement(f"export-{GIGABYTES}", "links")),
    }, 3, folder)
    print(f"\nexport of {size / 1e9:.1f} GB of links {title}")
    for name, (wall, cpu, memory) in found.items():
        print(f"{name:34}{size / 1e3 / wall:9.0f} MB/s{cpu:9.0f} ms CPU{memory:9.1f} MB")
    best = min(found["curl, the arrow links"][0], found["curl --parallel, the arrow links"][0])
    for name, yardstick in [("dbsh export of arrow", best), ("dbsh export of json as csv", found["curl, the json links"][0])]:
        share = yardstick / found[name][0]
        print(f"{name}: {share:.0%} of curl (wanted ≥ 80 %){'' if share >= 0.8 else '  NOT REACHED'}, "
              f"{found[name][2]:.0f} MB (wanted ≤ 64)")


for name in ["null.csv", "null.arrow"]:
    if not os.path.islink(cache / name):
        os.symlink("/dev/null", cache / name)
exports("to nowhere", "/dev/null", "/dev/null", {"arrow": "null.arrow", "csv": "null.csv"})
# To files, as exports go: every byte is kept, by curl too.
with tempfile.TemporaryDirectory(dir=cache) as folder:
    exports("to files", f"{folder}/curl", f"{folder}/curl-#1", {"arrow": f"{folder}/dbsh.arrow", "csv": f"{folder}/dbsh.csv"},
            pathlib.Path(folder))
server.terminate()
