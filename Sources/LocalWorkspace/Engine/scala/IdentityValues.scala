package org.apache.spark.sql.dbsh

import com.fasterxml.jackson.databind.node.ObjectNode
import org.apache.spark.sql.{DataFrame, functions => F}
import org.apache.spark.sql.catalyst.util.{quoteIdentifier, IdentityColumn}
import org.apache.spark.sql.connector.catalog.{IdentityColumnSpec, TableInfo}
import org.apache.spark.sql.expressions.Window
import org.apache.spark.sql.types.{MetadataBuilder, StructField, StructType}

/**
 * The values of a table's IDENTITY columns, which Spark leaves to its sources. Rows without one get the next numbers.
 * `_table.json` keeps the last number given under `identity`, so that those of deleted rows do not come again.
 */
private[dbsh] class IdentityValues(schema: StructType, table: ObjectNode) {
  private val columns = schema.fields.toSeq.flatMap { field => IdentityColumn.getIdentityInfo(field).map(field -> _) }

  def areNeeded: Boolean = columns.nonEmpty

  /**
   * The rows with all their values.
   *
   * @param inserted whether they are new to the table: the user may then give values of `BY DEFAULT` columns only.
   */
  def fill(written: DataFrame, inserted: Boolean): DataFrame = {
    // Files are named after the tasks that wrote them, so this is the order of the statement's rows.
    val order = F.struct(F.col("_metadata.file_name"), F.col("_metadata.row_index"))
    columns.foldLeft(written.withColumn(IdentityValues.order, order))(withValues(inserted)).drop(IdentityValues.order)
  }

  private def withValues(inserted: Boolean)(rows: DataFrame, column: (StructField, IdentityColumnSpec)): DataFrame = {
    val (field, identity) = column
    val value = F.col(quoteIdentifier(field.name))
    if (inserted && !identity.isAllowExplicitInsert && !rows.filter(value.isNotNull).isEmpty) {
      throw new LocalWorkspaceException(
        "DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED", "42808",
        s"Providing values for GENERATED ALWAYS AS IDENTITY column ${field.name} is not supported.")
    }
    val numbers = table.withObjectProperty("identity")
    val last = Option(numbers.get(field.name)).map(_.asLong).getOrElse(identity.getStart - identity.getStep)
    numbers.put(field.name, last + rows.filter(value.isNull).count() * identity.getStep)
    val place = F.row_number().over(Window.partitionBy(value.isNull).orderBy(IdentityValues.order))
    val number = (F.lit(last) + place * identity.getStep).cast(field.dataType)
    rows.withColumn(field.name, F.when(value.isNull, number).otherwise(value))
  }

  /** Keeps the numbers that `fill` has given in the table's new version. */
  def record(newest: ObjectNode): Unit = Option(table.get("identity")).foreach(numbers => newest.set[ObjectNode]("identity", numbers))
}

private[dbsh] object IdentityValues {
  private val order = "__dbsh_order"

  /** The schema of a new table, which says in its metadata which columns are IDENTITY: Spark's own has lost that. */
  def schema(table: TableInfo): StructType = StructType(table.schema.zip(table.columns).map { case (field, column) =>
    Option(column.identityColumnSpec).fold(field) { identity =>
      field.copy(metadata = new MetadataBuilder().withMetadata(field.metadata)
        .putLong(IdentityColumn.IDENTITY_INFO_START, identity.getStart)
        .putLong(IdentityColumn.IDENTITY_INFO_STEP, identity.getStep)
        .putBoolean(IdentityColumn.IDENTITY_INFO_ALLOW_EXPLICIT_INSERT, identity.isAllowExplicitInsert)
        .build())
    }
  })
}
