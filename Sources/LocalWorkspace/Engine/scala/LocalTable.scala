package org.apache.spark.sql.dbsh

import java.nio.file.{Files, Path}
import java.util
import java.util.UUID

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.node.{ArrayNode, ObjectNode}
import org.apache.spark.sql.{Column => SparkColumn, SparkSession, functions => F}
import org.apache.spark.sql.catalyst.expressions.Literal
import org.apache.spark.sql.catalyst.util.quoteIdentifier
import org.apache.spark.sql.classic.ExpressionUtils
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.expressions.{Expression, Expressions, NamedReference, Transform}
import org.apache.spark.sql.connector.expressions.{Literal => LiteralValue}
import org.apache.spark.sql.connector.expressions.filter.{AlwaysTrue, And, Predicate}
import org.apache.spark.sql.connector.read.{Scan, ScanBuilder}
import org.apache.spark.sql.connector.write._
import org.apache.spark.sql.execution.datasources.{BasicWriteTaskStats, WriteTaskResult}
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetTable
import org.apache.spark.sql.types.{DataType, StructType}
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * A table of [[LocalCatalog]], at its newest version or at an older one: Parquet folders and the `_table.json` that
 * lists them. UPDATE, DELETE and MERGE copy on write, through Spark's own row-level plans.
 */
class LocalTable(
    catalog: String, identifier: Identifier, folder: Path, node: ObjectNode, number: Option[Int], readOnly: Boolean)
    extends Table with SupportsRead with SupportsWrite with SupportsRowLevelOperations with TruncatableTable {

  private lazy val spark = SparkSession.active
  private lazy val identities = new IdentityValues(schema, node)
  private lazy val generated = new GeneratedValues(schema)
  private val partitions = Json.texts(node.get("partitions"))

  override lazy val schema: StructType = DataType.fromJson(node.get("schema").asText).asInstanceOf[StructType]
  override def columns(): Array[Column] = CatalogV2Util.structTypeToV2Columns(generated.writeSchema)
  override def name: String = ((catalog +: identifier.namespace) :+ identifier.name).mkString(".")
  override def id: String = node.get("id").asText
  override def version: String = (node.get("versions").size - 1).toString
  override def partitioning: Array[Transform] = partitions.map(name => Expressions.identity(quoteIdentifier(name))).toArray[Transform]

  override def properties: util.Map[String, String] = {
    val map = Json.toMap(node.get("properties"))
    map.putIfAbsent("location", folder.toUri.toString)
    map.putIfAbsent("table_type", "MANAGED")
    map
  }

  override def capabilities: util.Set[TableCapability] = util.EnumSet.of(
    TableCapability.BATCH_READ, TableCapability.BATCH_WRITE, TableCapability.TRUNCATE,
    TableCapability.OVERWRITE_BY_FILTER, TableCapability.OVERWRITE_DYNAMIC, TableCapability.AUTOMATIC_SCHEMA_EVOLUTION)

  private def path(dataFolder: String): String = folder.resolve(dataFolder).toString

  /** Spark's Parquet source does the reading and the writing of files. */
  private def parquet(dataFolders: Seq[String]) = new ParquetTable(
    name, spark, CaseInsensitiveStringMap.empty, dataFolders.map(path),
    Some(StructType(schema.map(_.copy(nullable = true)))), classOf[ParquetFileFormat])

  private def readParquet(dataFolders: Seq[String]) = spark.read.schema(schema).parquet(dataFolders.map(path): _*)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder =
    parquet(LocalTable.folders(node, number)).newScanBuilder(options)

  override def truncateTable(): Boolean = {
    requireWritable()
    // DELETE without WHERE comes here as well, and answers how many rows there were.
    val before = LocalTable.folders(node, None)
    val rows = if (before.isEmpty) 0 else readParquet(before).count()
    commit("TRUNCATE", Map("num_affected_rows" -> rows), appends = false)(_ => Nil)
    true
  }

  override def newWriteBuilder(info: LogicalWriteInfo): WriteBuilder = {
    requireWritable()
    new LocalWriteBuilder(info, None)
  }

  override def newRowLevelOperationBuilder(info: RowLevelOperationInfo): RowLevelOperationBuilder = {
    requireWritable()
    () => new RowLevelOperation {
      override def command(): RowLevelOperation.Command = info.command

      /**
       * Without filter push-down: a scan that copies on write has to return every row, or those not matched would be
       * lost.
       */
      override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = {
        val builder = parquet(LocalTable.folders(node, number)).newScanBuilder(options)
        new ScanBuilder { override def build(): Scan = builder.build() }
      }

      override def newWriteBuilder(info: LogicalWriteInfo): WriteBuilder =
        new LocalWriteBuilder(info, Some(command().toString))
    }
  }

  private def requireWritable(): Unit = if (readOnly) throw LocalCatalog.readOnly(name)

  /**
   * Adds a version made of the data folders that `next` gives from the newest ones. A plain append goes on top of
   * whatever was committed meanwhile; anything else is refused then, because it was computed from rows that are no
   * longer the table.
   */
  private def commit(operation: String, counts: Map[String, Long], appends: Boolean)(
      next: Seq[String] => Seq[String]): Unit = {
    Disk.exclusively(folder) {
      val file = folder.resolve("_table.json")
      val newest = Json.read(file)
      val unchanged = newest.get("versions").size == node.get("versions").size
      val mayComeAfterOthers = appends && !identities.areNeeded
      if (!unchanged && !(mayComeAfterOthers && newest.get("schema") == node.get("schema"))) {
        throw new LocalWorkspaceException(
          "DELTA_CONCURRENT_WRITE", "2D521",
          s"ConcurrentWriteException: table $name was changed while this statement ran. Please try again.")
      }
      identities.record(newest)
      LocalTable.addVersion(newest, operation, next(LocalTable.folders(newest, None)), counts)
      Json.write(file, newest)
    }
    RowCounts.record(spark.sparkContext, counts)
  }

  /** Collects what the statement wants (append, overwrite, filters) and makes the batch write. */
  private class LocalWriteBuilder(info: LogicalWriteInfo, rowLevelCommand: Option[String])
      extends WriteBuilder with SupportsOverwriteV2 with SupportsDynamicOverwrite {

    private var replaced: Option[Seq[Predicate]] = None
    private var replacesPartitions = false

    override def overwrite(predicates: Array[Predicate]): WriteBuilder = { replaced = Some(predicates.toSeq); this }
    override def truncate(): WriteBuilder = { replaced = Some(Nil); this }
    override def overwriteDynamicPartitions(): WriteBuilder = { replacesPartitions = true; this }

    override def build(): Write = new Write {
      override def toBatch: BatchWrite = {
        val fresh = LocalTable.newFolder()
        Files.createDirectories(folder.resolve(fresh))
        new LocalBatchWrite(fresh, parquet(Seq(fresh)).newWriteBuilder(info).build().toBatch, finish(fresh))
      }
    }

    private def finish(written: String)(counts: Map[String, Long]): Unit = {
      val before = LocalTable.folders(node, None)
      val fresh = withMadeValues(written)
      if (rowLevelCommand.isDefined) {
        commit(rowLevelCommand.get, counts, appends = false)(_ => Seq(fresh))
      } else if (replacesPartitions) {
        val kept = keep(before, otherPartitions(fresh))
        commit("WRITE", counts, appends = false)(_ => kept :+ fresh)
      } else replaced match {
        case None => commit("WRITE", counts, appends = true)(_ :+ fresh)
        case Some(predicates) if predicates.forall(_.isInstanceOf[AlwaysTrue]) =>
          commit("WRITE", counts, appends = false)(_ => Seq(fresh))
        case Some(predicates) =>
          val matched = predicates.map(condition).reduce(_ && _)
          val kept = keep(before, F.not(F.coalesce(matched, F.lit(false))))
          commit("WRITE", counts, appends = false)(_ => kept :+ fresh)
      }
    }

    /** The folder with the values of IDENTITY and generated columns, which take another pass over the rows. */
    private def withMadeValues(written: String): String =
      if (!identities.areNeeded && !generated.areNeeded) written
      else {
        val filled = LocalTable.newFolder()
        val inserted = rowLevelCommand.isEmpty
        generated.fill(identities.fill(readParquet(Seq(written)), inserted), inserted).write.parquet(path(filled))
        Disk.delete(folder.resolve(written).toFile)
        filled
      }

    /** Copies the old rows that stay into a folder of their own. */
    private def keep(before: Seq[String], condition: SparkColumn): Seq[String] =
      if (before.isEmpty) Nil
      else {
        val kept = LocalTable.newFolder()
        readParquet(before).filter(condition).write.parquet(path(kept))
        Seq(kept)
      }

    /** True for rows outside the partitions that the new rows fall into. */
    private def otherPartitions(fresh: String): SparkColumn =
      if (partitions.isEmpty) F.lit(false)
      else {
        val written = readParquet(Seq(fresh)).select(partitions.map(name => F.col(quoteIdentifier(name))): _*).distinct().collect()
        val inWritten = written.map { row =>
          partitions.zipWithIndex.map { case (name, i) => F.col(quoteIdentifier(name)) <=> F.lit(row.get(i)) }.reduce(_ && _)
        }
        F.not(inWritten.foldLeft(F.lit(false))(_ || _))
      }

    private def condition(predicate: Predicate): SparkColumn = predicate match {
      case both: And => condition(both.left.asInstanceOf[Predicate]) && condition(both.right.asInstanceOf[Predicate])
      case _: AlwaysTrue => F.lit(true)
      case other =>
        val sides = other.children.map(operand)
        other.name match {
          case "=" => sides(0) === sides(1)
          case "<=>" => sides(0) <=> sides(1)
          case ">" => sides(0) > sides(1)
          case ">=" => sides(0) >= sides(1)
          case "<" => sides(0) < sides(1)
          case "<=" => sides(0) <= sides(1)
          case "IS_NULL" => sides(0).isNull
          case "IS_NOT_NULL" => sides(0).isNotNull
          case name => throw LocalTable.unsupported(s"Overwriting rows chosen by $name")
        }
    }

    private def operand(expression: Expression): SparkColumn = expression match {
      case reference: NamedReference => F.col(reference.fieldNames.map(name => quoteIdentifier(name)).mkString("."))
      case literal: LiteralValue[_] => ExpressionUtils.column(Literal(literal.value, literal.dataType))
      case other => throw LocalTable.unsupported(s"Overwriting rows chosen by $other")
    }
  }

  /** Writes Parquet files as Spark does, and on commit counts their rows and makes them the table's. */
  private class LocalBatchWrite(fresh: String, files: BatchWrite, finish: Map[String, Long] => Unit)
      extends BatchWrite {

    override def createBatchWriterFactory(info: PhysicalWriteInfo): DataWriterFactory =
      files.createBatchWriterFactory(info)
    override def useCommitCoordinator(): Boolean = files.useCommitCoordinator
    override def onDataWriterCommit(message: WriterCommitMessage): Unit = files.onDataWriterCommit(message)

    override def abort(messages: Array[WriterCommitMessage]): Unit = {
      files.abort(messages)
      Disk.delete(folder.resolve(fresh).toFile)
    }

    override def commit(messages: Array[WriterCommitMessage]): Unit = commit(messages, null)

    override def commit(messages: Array[WriterCommitMessage], summary: WriteSummary): Unit = {
      files.commit(messages)
      finish(summary match {
        case merge: MergeSummary => Map(
          "num_affected_rows" ->
            (merge.numTargetRowsInserted + merge.numTargetRowsUpdated + merge.numTargetRowsDeleted),
          "num_updated_rows" -> merge.numTargetRowsUpdated,
          "num_deleted_rows" -> merge.numTargetRowsDeleted,
          "num_inserted_rows" -> merge.numTargetRowsInserted)
        case update: UpdateSummary => Map("num_affected_rows" -> update.numUpdatedRows)
        case delete: DeleteSummary => Map("num_affected_rows" -> delete.numDeletedRows)
        case _ =>
          val rows = messages.collect { case task: WriteTaskResult =>
            task.summary.stats.collect { case stats: BasicWriteTaskStats => stats.numRows }.sum
          }.sum
          Map("num_affected_rows" -> rows, "num_inserted_rows" -> rows)
      })
    }
  }
}

private[dbsh] object LocalTable {

  def newFolder(): String = s"d-${UUID.randomUUID}"

  /** The data folders of a version (the newest when not said). */
  def folders(node: ObjectNode, version: Option[Int]): Seq[String] = {
    val versions = node.get("versions")
    if (versions.isEmpty) Nil else Json.texts(versions.get(version.getOrElse(versions.size - 1)).get("dirs"))
  }

  def addVersion(node: ObjectNode, operation: String, folders: Seq[String], counts: Map[String, Long]): Unit = {
    val versions = node.withArray[ArrayNode]("versions")
    val version = versions.addObject()
    version.put("version", versions.size - 1)
    version.put("ts", System.currentTimeMillis)
    version.put("op", operation)
    val dirs = version.putArray("dirs")
    folders.foreach(dirs.add)
    val metrics = version.putObject("metrics")
    counts.foreach { case (name, count) => metrics.put(name, count) }
  }

  def unsupported(what: String) =
    new LocalWorkspaceException(
      "UNSUPPORTED_FEATURE.LOCAL_TABLE", "0A000", s"$what is not supported by the local workspace.")
}
