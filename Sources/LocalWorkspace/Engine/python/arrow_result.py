"""Results as Arrow IPC streams in files, for ARROW_STREAM of the Statement Execution API."""

import os

# Eight bytes: the mark of a message, and no message (Arrow Columnar Format, "IPC Streaming Format").
END_OF_STREAM = b"\xff\xff\xff\xff\0\0\0\0"


def write_frame(frame, directory, chunk_bytes, row_limit, byte_limit):
    """Runs a frame and writes its rows into chunk files of about `chunk_bytes`, each a stream of its own. Returns the
    members of `done` that describe them. Zero means no limit. Memory holds one batch (10,000 rows) at a time.
    """
    from pyspark.errors.exceptions.captured import unwrap_spark_exception
    from pyspark.util import _load_from_socket

    if row_limit:
        frame = frame.limit(row_limit + 1)  # one more shows that there are more
    os.makedirs(directory, exist_ok=True)
    port, secret, server = frame._jdf.collectAsArrowToPython()
    with open(os.path.join(directory, "batches"), "w+b") as file:
        os.unlink(file.name)
        spool = Spool(file)
        try:
            with _load_from_socket((port, secret), spool) as order:
                order = list(order)
        finally:
            with unwrap_spark_exception():
                server.getResult()
        chunks = ChunkFiles(directory, spool.schema, chunk_bytes, row_limit, byte_limit)
        for index in order:
            if not chunks.add(*spool.batch(index)):
                break
        return chunks.finish()


def write_counts(names, counts, directory):
    """The row counts of DML, as `write_frame` writes a frame's rows."""
    import pyarrow

    batch = pyarrow.RecordBatch.from_arrays([pyarrow.array([count], pyarrow.int64()) for count in counts], names=names)
    os.makedirs(directory, exist_ok=True)
    chunks = ChunkFiles(directory, batch.schema, 0, 0, 0)
    chunks.add(1, batch.serialize())
    return chunks.finish()


class Spool:
    """Takes what `collectAsArrowToPython` sends: batches in the order in which tasks end, and behind them the right
    order. Only a file can hold them until that is known.
    """

    def __init__(self, file):
        self.schema = None
        self._file = file
        self._batches = []  # offset, bytes, rows

    def load_stream(self, stream):
        """Called by `_load_from_socket`. Yields the numbers of the batches in the order of the result."""
        import pyarrow
        from pyspark.serializers import read_int

        reader = pyarrow.ipc.open_stream(stream)
        self.schema = reader.schema
        for batch in reader:
            message = batch.serialize()
            self._batches.append((self._file.tell(), message.size, batch.num_rows))
            self._file.write(message)
        # A failure is -1 here, and `getResult` tells what it was.
        for _ in range(read_int(stream)):
            yield read_int(stream)

    def batch(self, index):
        """Rows and bytes of a batch."""
        offset, size, rows = self._batches[index]
        self._file.seek(offset)
        return rows, self._file.read(size)


class ChunkFiles:
    """Writes batches into files of about `chunk_bytes`, within the limits of the result."""

    def __init__(self, directory, schema, chunk_bytes, row_limit, byte_limit):
        self._directory, self._schema, self._chunk_bytes = directory, schema, chunk_bytes
        self._rows_left = row_limit or None
        self._bytes_left = byte_limit or None
        self._truncated = False
        self._chunks = []
        self._file = None

    def add(self, rows, message):
        """False when a limit is reached, and nothing more is wanted."""
        wanted = rows if self._rows_left is None else min(rows, self._rows_left)
        if self._bytes_left is not None and len(message) > self._bytes_left:
            # The first row always comes, however large, so that a limit never hides that there is one.
            wanted = min(wanted, max(rows * self._bytes_left // len(message), 0 if self._chunks else 1))
        if wanted < rows:
            self._truncated = True
            message = self._cut(message, wanted)
        if wanted > 0:
            self._write(wanted, message)
        if self._rows_left is not None:
            self._rows_left -= wanted
        if self._bytes_left is not None:
            self._bytes_left -= len(message)
        return not self._truncated

    def finish(self):
        if not self._chunks:
            self._begin()  # a stream without rows still has its schema
        self._end()
        return {
            "row_count": sum(chunk["row_count"] for chunk in self._chunks),
            "byte_count": sum(chunk["byte_count"] for chunk in self._chunks),
            "truncated": self._truncated,
            "chunks": self._chunks,
        }

    def _cut(self, message, rows):
        import pyarrow

        batch = pyarrow.ipc.read_record_batch(pyarrow.py_buffer(message), self._schema)
        return batch.slice(0, rows).serialize()

    def _write(self, rows, message):
        if self._file is not None and self._file.tell() + len(message) > self._chunk_bytes:
            self._end()
        if self._file is None:
            self._begin()
        self._file.write(message)
        self._chunks[-1]["row_count"] += rows

    def _begin(self):
        index = len(self._chunks)
        path = os.path.join(self._directory, f"chunk-{index}.arrow")
        offset = sum(chunk["row_count"] for chunk in self._chunks)
        self._chunks.append({"file": path, "chunk_index": index, "row_offset": offset, "row_count": 0})
        self._file = open(path, "wb")
        self._file.write(self._schema.serialize())

    def _end(self):
        self._file.write(END_OF_STREAM)
        self._chunks[-1]["byte_count"] = self._file.tell()
        self._file.close()
        self._file = None
