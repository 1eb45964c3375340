"""How far a statement is: what Spark's status store knows of its jobs."""

from py4j.protocol import Py4JJavaError

# Seconds between two looks. A statement that is quicker than the first is not looked at.
INTERVAL = 1.0


def stages(context, group):
    """What Spark's listener wrote down of the stages of a group's jobs that were run."""
    tracker = context.statusTracker()
    store = context._jsc.sc().statusStore()
    numbers = set()
    for job in tracker.getJobIdsForGroup(group):
        info = tracker.getJobInfo(job)
        numbers.update(info.stageIds if info is not None else ())
    for number in numbers:
        try:
            data = store.lastStageAttempt(number)
        except Py4JJavaError:
            continue  # not submitted, or forgotten
        if data.status().toString() != "SKIPPED":
            yield data


def progress(context, group):
    """What the jobs of a group have read and how many of their tasks there are, or None when it has no job yet."""
    rows = size = tasks = done = 0
    for data in stages(context, group):
        rows += data.inputRecords()
        size += data.inputBytes()
        tasks += data.numTasks()
        done += data.numCompleteTasks()
    if not tasks:
        return None
    return {"rows_read": rows, "bytes_read": size, "tasks": tasks, "tasks_left": tasks - done}
