"""How far a statement is: what Spark's status store knows of its jobs."""

from py4j.protocol import Py4JJavaError

# Seconds between two looks. A statement that is quicker than the first is not looked at.
INTERVAL = 1.0


def progress(context, group):
    """What the jobs of a group have read and how many of their tasks there are, or None when it has no job yet."""
    tracker = context.statusTracker()
    store = context._jsc.sc().statusStore()
    stages = set()
    for job in tracker.getJobIdsForGroup(group):
        info = tracker.getJobInfo(job)
        stages.update(info.stageIds if info is not None else ())
    if not stages:
        return None
    rows = size = tasks = done = 0
    for stage in stages:
        try:
            data = store.lastStageAttempt(stage)
        except Py4JJavaError:
            continue  # not submitted, or forgotten
        if data.status().toString() == "SKIPPED":
            continue
        rows += data.inputRecords()
        size += data.inputBytes()
        tasks += data.numTasks()
        done += data.numCompleteTasks()
    return {"rows_read": rows, "bytes_read": size, "tasks": tasks, "tasks_left": tasks - done}
