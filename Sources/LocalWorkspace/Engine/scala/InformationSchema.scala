package org.apache.spark.sql.dbsh

import java.nio.file.{Files, Path}
import java.util

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.connector.catalog.{CatalogV2Util, Column, SupportsRead, Table, TableCapability}
import org.apache.spark.sql.connector.read.{LocalScan, Scan, ScanBuilder}
import org.apache.spark.sql.types.{DataType, StructType}
import org.apache.spark.sql.util.CaseInsensitiveStringMap
import org.apache.spark.unsafe.types.UTF8String

/**
 * `CATALOG.information_schema`: the views of Databricks' that a shell asks for, computed from the catalog's files when
 * they are read.
 */
private[dbsh] object InformationSchema {
  val name = "information_schema"
  val tables: Seq[String] = Seq("catalogs", "columns", "schemata", "tables", "views")

  private val schemas: Map[String, StructType] = Map(
    "catalogs" -> "catalog_name STRING, catalog_owner STRING, comment STRING",
    "schemata" -> "catalog_name STRING, schema_name STRING, schema_owner STRING, comment STRING",
    "tables" -> ("table_catalog STRING, table_schema STRING, table_name STRING, table_type STRING, " +
      "table_owner STRING, comment STRING, created TIMESTAMP, data_source_format STRING"),
    "columns" -> ("table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING, " +
      "ordinal_position INT, column_default STRING, is_nullable STRING, full_data_type STRING, " +
      "data_type STRING, comment STRING"),
    "views" -> "table_catalog STRING, table_schema STRING, table_name STRING, view_definition STRING"
  ).map { case (table, ddl) => table -> StructType.fromDDL(ddl) }

  def table(catalog: String, root: Path, table: String): Option[Table] =
    schemas.get(table).map { schema =>
      new InformationTable(s"$catalog.$name.$table", schema, () => rows(catalog, root, table))
    }

  /** A table or view as its file tells it. */
  private case class Entry(
      schema: String, name: String, view: Boolean, comment: String, created: Option[Long], columns: StructType,
      text: String)

  private def rows(catalog: String, root: Path, table: String): Seq[Seq[Any]] = table match {
    case "catalogs" =>
      Disk.folders(root.getParent).map(folder => Seq(folder.getFileName.toString, null, null))
    case "schemata" =>
      Disk.folders(root).map { folder =>
        val file = folder.resolve("_schema.json")
        val comment = if (Files.exists(file)) Json.toMap(Json.read(file)).get("comment") else null
        Seq(catalog, folder.getFileName.toString, null, comment)
      }
    case "tables" =>
      entries(root).map { e =>
        Seq(catalog, e.schema, e.name, if (e.view) "VIEW" else "MANAGED", null, e.comment,
          e.created.map(_ * 1000).orNull, if (e.view) null else "DELTA")
      }
    case "columns" =>
      for (e <- entries(root); (column, index) <- e.columns.zipWithIndex) yield Seq(
        catalog, e.schema, e.name, column.name, index, column.getCurrentDefaultValue().orNull,
        if (column.nullable) "YES" else "NO", column.dataType.sql.toLowerCase(util.Locale.ROOT),
        column.dataType.typeName.takeWhile(_ != '(').toUpperCase(util.Locale.ROOT), column.getComment().orNull)
    case "views" => entries(root).filter(_.view).map(e => Seq(catalog, e.schema, e.name, e.text))
  }

  private def entries(root: Path): Seq[Entry] =
    for {
      folder <- Disk.folders(root)
      file <- Disk.list(folder).sorted
      entry <- entry(folder, file.toPath)
    } yield entry

  private def entry(schema: Path, path: Path): Option[Entry] = {
    val name = path.getFileName.toString
    val view = name.endsWith(LocalCatalog.viewSuffix)
    val file = if (view) path else path.resolve("_table.json")
    if (name.startsWith(".") || !Files.exists(file)) None
    else {
      val node = Json.read(file)
      Some(Entry(
        schema.getFileName.toString, name.stripSuffix(LocalCatalog.viewSuffix), view,
        Json.toMap(node.get("properties")).get("comment"), Option(node.get("created")).map(_.asLong),
        DataType.fromJson(node.get("schema").asText).asInstanceOf[StructType],
        Option(node.get("sql")).map(_.asText).orNull))
    }
  }
}

/** A read-only table whose few rows are made when it is scanned. */
private[dbsh] class InformationTable(override val name: String, tableSchema: StructType, contents: () => Seq[Seq[Any]])
    extends Table with SupportsRead {

  override def columns(): Array[Column] = CatalogV2Util.structTypeToV2Columns(tableSchema)
  override def capabilities: util.Set[TableCapability] = util.EnumSet.of(TableCapability.BATCH_READ)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = () => new LocalScan {
    override def readSchema(): StructType = tableSchema
    override def rows(): Array[InternalRow] = contents().map { cells =>
      InternalRow.fromSeq(cells.map {
        case text: String => UTF8String.fromString(text)
        case other => other
      })
    }.toArray
  }
}
