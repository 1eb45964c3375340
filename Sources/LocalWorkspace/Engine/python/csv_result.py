"""Results as CSV in files, for CSV of the Statement Execution API: RFC 4180, with the header row in the first file only
and NULL as the word `null`, which a text of that word looks like too.
"""

import csv
import json
import os


def write_chunks(members, names, directory):
    """Turns the JSON chunk files that `members` of a `done` event lists into CSV files, one by one. Returns the members
    with the new files in them. Rows that came along in `rows` go into one file, and so does a header without rows.
    """
    chunks = members.pop("chunks", None)
    if chunks is None:
        os.makedirs(directory, exist_ok=True)
        rows = members.pop("rows")
        chunks = [{"chunk_index": 0, "row_offset": 0, "row_count": len(rows)}]
        _write(chunks[0], rows, names, directory)
    else:
        for chunk in chunks:
            with open(chunk["file"], encoding="utf-8") as file:
                rows = json.load(file)
            os.unlink(chunk["file"])
            _write(chunk, rows, names, directory)
    return {**members, "byte_count": sum(chunk["byte_count"] for chunk in chunks), "chunks": chunks}


def _write(chunk, rows, names, directory):
    path = os.path.join(directory, f"chunk-{chunk['chunk_index']}.csv")
    # Half a surrogate pair has no UTF-8 form: it becomes "?".
    with open(path, "w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        if chunk["chunk_index"] == 0:
            writer.writerow(names)
        writer.writerows([["null" if cell is None else cell for cell in row] for row in rows])
    chunk.update(file=path, byte_count=os.path.getsize(path))
