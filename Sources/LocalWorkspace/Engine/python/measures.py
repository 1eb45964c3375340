"""What a statement cost, in the words of the query history: from its plan and from what Spark's listener wrote down of its jobs."""

from py4j.protocol import Py4JError

from .progress import stages

# Milliseconds that the listener gets to write down the last events.
LISTENER_LIMIT = 1000


def measures(context, group, frame, total, worked):
    """Numbers of a statement that has ended: `total` milliseconds after it came, `worked` of them on it."""
    scheduler = context._jsc.sc()
    try:
        scheduler.listenerBus().waitUntilEmpty(LISTENER_LIMIT)
    except Py4JError:
        pass  # then the last events are missing
    plan = frame._jdf.queryExecution()
    compiled = min(_compilation(plan), worked)
    return {
        "total_time_ms": total,
        "compilation_time_ms": compiled,
        "execution_time_ms": worked - compiled,
        "result_from_cache": False,
        **_jobs(context, group),
        **_files(plan.executedPlan()),
    }


def _jobs(context, group):
    """Sums over the stages of all jobs."""
    rows = size = spilled = busy = written = 0
    for data in stages(context, group):
        rows += data.inputRecords()
        size += data.inputBytes()
        spilled += data.diskBytesSpilled()
        busy += data.executorRunTime()
        written += data.outputBytes()
    return {
        "rows_read_count": rows,
        "read_bytes": size,
        "spill_to_disk_bytes": spilled,
        "task_total_time_ms": busy,
        "write_remote_bytes": written,
    }


def _compilation(plan):
    """Milliseconds of parsing, analysis, optimization and planning."""
    phases = plan.tracker().phases().values().iterator()
    total = 0
    while phases.hasNext():
        total += phases.next().durationMs()
    return total


def _files(plan):
    """Files that the plan reads, and those of the same tables that it need not read."""
    read, read_size, all_files, all_size = set(), 0, 0, 0
    for leaf in _leaves(plan):
        try:
            files = leaf.scan().fileIndex()
        except Py4JError:
            continue  # not a scan of files
        all_files += len(files.inputFiles())
        all_size += files.sizeInBytes()
        for partition in _each(leaf.inputPartitions()):
            for file in partition.files():
                read.add(file.toPath().toString())
                read_size += file.length()
    return {
        "read_files_count": len(read),
        "pruned_files_count": max(0, all_files - len(read)),
        "read_files_bytes": read_size,
        "pruned_bytes": max(0, all_size - read_size),
    }


def _leaves(plan):
    """The leaves of a plan, also of one that adapted itself while it ran."""
    for leaf in _each(plan.collectLeaves()):
        kind = leaf.getClass().getSimpleName()
        if kind == "AdaptiveSparkPlanExec":
            yield from _leaves(leaf.executedPlan())
        elif kind.endswith("QueryStageExec"):
            yield from _leaves(leaf.plan())
        else:
            yield leaf


def _each(sequence):
    """The elements of a Scala sequence."""
    iterator = sequence.iterator()
    while iterator.hasNext():
        yield iterator.next()
