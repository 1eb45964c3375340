package org.apache.spark.sql.dbsh

import java.io.{ByteArrayOutputStream, File, FileOutputStream}
import java.lang.{StringBuilder => Text}
import java.nio.charset.StandardCharsets.UTF_8
import java.time.ZoneId

import com.fasterxml.jackson.core.io.JsonStringEncoder
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.classic.Dataset
import org.apache.spark.sql.execution.SQLExecution

/** Runs a frame once and turns its rows into the JSON text that the API answers with. */
object Results {

  /**
   * For the Statement Execution API: the members `row_count`, `byte_count`, `truncated` and, last, `rows` (the whole
   * `data_array`) or `chunks` (files in `directory` of about `chunkBytes`, each a whole `data_array`), without braces.
   * Zero means no limit.
   */
  def statement(
      frame: DataFrame, directory: String, inlineBytes: Long, chunkBytes: Long, rowLimit: Long,
      byteLimit: Long): String = {
    val sink = new ChunkSink(new File(directory), chunkBytes)
    val zone = ZoneId.of(frame.sparkSession.conf.get("spark.sql.session.timeZone"))
    val truncated = stream(frame, new StatementCells(zone), sink, rowLimit, byteLimit)
    val (name, value) =
      if (sink.spilled || sink.buffered > inlineBytes) "chunks" -> sink.finishChunks()
      else "rows" -> sink.finishInline()
    s""""row_count":${sink.rowCount},"byte_count":${sink.byteCount},"truncated":$truncated,"$name":$value"""
  }

  /** For a command of an execution context: a whole results object of type `table`, cut at the given size. */
  def command(frame: DataFrame, maxRows: Long, maxBytes: Long): String = {
    val sink = new ChunkSink(null, Long.MaxValue)
    val truncated = stream(frame, new CommandCells(), sink, maxRows, maxBytes)
    val schema = new Text("[")
    frame.schema.fields.foreach { field =>
      if (schema.length > 1) schema.append(',')
      schema.append("{\"name\":")
      quote(field.name, schema)
      schema.append(",\"type\":")
      quote(field.dataType.json, schema)
      schema.append(",\"metadata\":")
      quote(field.metadata.json, schema)
      schema.append('}')
    }
    schema.append(']')
    s"""{"resultType":"table","isJsonSchema":true,"truncated":$truncated,"schema":$schema,""" +
      s""""data":${sink.finishInline()}}"""
  }

  private[dbsh] def quote(text: CharSequence, out: Text): Unit = {
    out.append('"')
    JsonStringEncoder.getInstance.quoteAsString(text, out)
    out.append('"')
  }

  /** Writes rows until they end or a limit is reached; true when rows were left out. */
  private def stream(frame: DataFrame, cells: Cells, sink: ChunkSink, rowLimit: Long, byteLimit: Long): Boolean = {
    val execution = frame.asInstanceOf[Dataset[_]].queryExecution
    val writers = frame.schema.fields.map(field => cells.top(field.dataType))
    SQLExecution.withNewExecutionId(execution, Some("result")) {
      val rows: Iterator[InternalRow] = execution.executedPlan.executeToIterator()
      val line = new Text(256)
      var truncated = false
      while (!truncated && rows.hasNext) {
        if (rowLimit > 0 && sink.rowCount >= rowLimit) truncated = true
        else {
          val row = rows.next()
          line.setLength(0)
          line.append('[')
          var i = 0
          while (i < writers.length) {
            if (i > 0) line.append(',')
            writers(i)(row, i, line)
            i += 1
          }
          val bytes = line.append(']').toString.getBytes(UTF_8)
          // The first row always comes, however large, so that a limit never hides that there is one.
          val size = sink.byteCount + sink.buffered + bytes.length
          if (byteLimit > 0 && sink.rowCount > 0 && size > byteLimit) truncated = true
          else sink.add(bytes)
        }
      }
      truncated
    }
  }
}

/** Collects rows into a `data_array` text, spilling whole chunks into files when it grows too large. */
private class ChunkSink(directory: File, chunkBytes: Long) {
  private val buffer = new ByteArrayOutputStream(1 << 14)
  private val chunks = new Text("[")
  private var chunkCount = 0
  private var chunkStart = 0L

  var rowCount = 0L
  var byteCount = 0L
  def buffered: Long = buffer.size
  def spilled: Boolean = chunkCount > 0

  def add(row: Array[Byte]): Unit = {
    if (buffer.size > 0 && buffer.size + row.length + 2 > chunkBytes) spill()
    buffer.write(if (buffer.size == 0) '[' else ',')
    buffer.write(row, 0, row.length)
    rowCount += 1
  }

  private def spill(): Unit = {
    buffer.write(']')
    directory.mkdirs()
    val file = new File(directory, s"chunk-$chunkCount.json")
    val out = new FileOutputStream(file)
    try buffer.writeTo(out)
    finally out.close()
    if (chunkCount > 0) chunks.append(',')
    chunks.append("{\"file\":")
    Results.quote(file.getPath, chunks)
    chunks.append(s""","chunk_index":$chunkCount,"row_offset":$chunkStart,"row_count":${rowCount - chunkStart}""")
    chunks.append(s""","byte_count":${buffer.size}}""")
    chunkCount += 1
    chunkStart = rowCount
    byteCount += buffer.size
    buffer.reset()
  }

  def finishChunks(): String = {
    if (buffer.size > 0) spill()
    chunks.append(']').toString
  }

  def finishInline(): String = {
    if (buffer.size == 0) buffer.write('[')
    buffer.write(']')
    byteCount += buffer.size
    buffer.toString(UTF_8)
  }
}
