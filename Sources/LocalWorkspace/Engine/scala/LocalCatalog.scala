package org.apache.spark.sql.dbsh

import java.nio.file.{Files, Paths}
import java.util
import java.util.UUID

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.node.ObjectNode
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.analysis._
import org.apache.spark.sql.catalyst.util.quoteIdentifier
import org.apache.spark.sql.connector.catalog._
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction
import org.apache.spark.sql.types.{DataType, StructType}
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/**
 * A catalog of tables, views and schemas kept in a folder, so that they outlive the process: it gives Spark three-level
 * names, UPDATE, DELETE, MERGE, CREATE OR REPLACE, VERSION AS OF and persistent views, which its own in-memory catalog
 * lacks.
 *
 * Layout: `ROOT/CATALOG/SCHEMA/TABLE/{_table.json, d-UUID/part-*.parquet}`, `ROOT/CATALOG/SCHEMA/VIEW.view.json`. A
 * version of a table is a list of data folders; a write adds folders and replaces `_table.json` last. Options: `root`,
 * and `readOnly` for the samples.
 */
class LocalCatalog
    extends TableCatalog with CatalogFolder with LocalViews with SupportsNamespaces with FunctionCatalog {

  override def initialize(name: String, options: CaseInsensitiveStringMap): Unit = {
    catalog = name
    root = Paths.get(options.get("root"), name)
    readOnly = options.getBoolean("readOnly", false)
    if (!readOnly) Files.createDirectories(root.resolve("default"))
  }

  override def name: String = catalog
  override def defaultNamespace: Array[String] = Array("default")
  override def capabilities(): util.Set[TableCatalogCapability] = util.EnumSet.of(
    TableCatalogCapability.SUPPORT_COLUMN_DEFAULT_VALUE,
    TableCatalogCapability.SUPPORTS_CREATE_TABLE_WITH_GENERATED_COLUMNS,
    TableCatalogCapability.SUPPORTS_CREATE_TABLE_WITH_IDENTITY_COLUMNS)

  // Functions live in the session catalog (see databricks_sql.py); there are none here.
  override def listFunctions(namespace: Array[String]): Array[Identifier] = Array()
  override def loadFunction(identifier: Identifier): UnboundFunction = throw new NoSuchFunctionException(identifier)

  // -------------------------------------------------------------------------------------------------------- namespaces

  override def listNamespaces(): Array[Array[String]] =
    (Disk.folders(root).map(_.getFileName.toString) :+ InformationSchema.name).sorted.map(Array(_)).toArray

  override def listNamespaces(parent: Array[String]): Array[Array[String]] =
    if (parent.isEmpty) listNamespaces() else { require(parent); Array() }

  override def namespaceExists(namespace: Array[String]): Boolean = exists(namespace)

  override def loadNamespaceMetadata(namespace: Array[String]): util.Map[String, String] = {
    require(namespace)
    val file = schemaFile(namespace)
    val properties = if (Files.exists(file)) Json.toMap(Json.read(file)) else new util.LinkedHashMap[String, String]
    if (!virtual(namespace)) properties.put("location", folder(namespace).toUri.toString)
    properties
  }

  override def createNamespace(namespace: Array[String], metadata: util.Map[String, String]): Unit = {
    if (exists(namespace)) throw new NamespaceAlreadyExistsException(namespace)
    requireWritable()
    requireValid(namespace.mkString("\u0001"))
    Files.createDirectories(folder(namespace))
    Json.write(schemaFile(namespace), Json.fromMap(metadata))
  }

  override def alterNamespace(namespace: Array[String], changes: NamespaceChange*): Unit = {
    requireWritable(namespace)
    val properties = loadNamespaceMetadata(namespace)
    properties.remove("location")
    changes.foreach {
      case set: NamespaceChange.SetProperty => properties.put(set.property, set.value)
      case remove: NamespaceChange.RemoveProperty => properties.remove(remove.property)
      case _ =>
    }
    Json.write(schemaFile(namespace), Json.fromMap(properties))
  }

  override def dropNamespace(namespace: Array[String], cascade: Boolean): Boolean = {
    require(namespace)
    requireWritable(namespace)
    if (!cascade && (listTables(namespace).nonEmpty || listViews(namespace).nonEmpty)) {
      throw new NonEmptyNamespaceException(namespace, "Use DROP SCHEMA ... CASCADE.")
    }
    Disk.delete(folder(namespace).toFile)
    true
  }

  // ------------------------------------------------------------------------------------------------------------ tables

  private def load(table: Identifier): ObjectNode =
    if (Files.exists(file(table))) Json.read(file(table))
    else throw new NoSuchTableException(Identifier.of(catalog +: table.namespace, table.name))

  private def table(identifier: Identifier, node: ObjectNode, version: Option[Int]) =
    new LocalTable(catalog, identifier, folder(identifier), node, version, readOnly)

  override def loadRelation(identifier: Identifier): Relation =
    if (!virtual(identifier.namespace) && viewExists(identifier)) readView(identifier) else loadTable(identifier)

  override def loadTable(identifier: Identifier): Table =
    if (virtual(identifier.namespace)) {
      InformationSchema.table(catalog, root, lower(identifier.name))
        .getOrElse(throw new NoSuchTableException(Identifier.of(catalog +: identifier.namespace, identifier.name)))
    } else table(identifier, load(identifier), None)

  override def loadTable(identifier: Identifier, version: String): Table = {
    val node = load(identifier)
    val newest = node.get("versions").size - 1
    val number = version.toIntOption.filter(n => n >= 0 && n <= newest).getOrElse {
      throw new LocalWorkspaceException(
        "DELTA_VERSION_NOT_FOUND", "22003",
        s"Cannot time travel Delta table to version $version. Available versions: [0, $newest].")
    }
    table(identifier, node, Some(number))
  }

  override def loadTable(identifier: Identifier, micros: Long): Table = {
    val node = load(identifier)
    val number = node.get("versions").elements.asScala.toSeq.lastIndexWhere(_.get("ts").asLong * 1000 <= micros)
    if (number < 0) {
      throw new LocalWorkspaceException(
        "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION", "42816",
        "The provided timestamp is before the earliest version available.")
    }
    table(identifier, node, Some(number))
  }

  override def tableExists(identifier: Identifier): Boolean =
    if (virtual(identifier.namespace)) InformationSchema.tables.contains(lower(identifier.name))
    else Files.exists(file(identifier))

  override def listTables(namespace: Array[String]): Array[Identifier] = {
    require(namespace)
    val names =
      if (virtual(namespace)) InformationSchema.tables
      else Disk.list(folder(namespace)).filter(f => Files.exists(f.toPath.resolve("_table.json"))).map(_.getName)
    names.sorted.map(Identifier.of(namespace, _)).toArray
  }

  override def createTable(identifier: Identifier, info: TableInfo): Table = {
    require(identifier.namespace)
    requireWritable(identifier.namespace)
    requireValid(identifier.name)
    if (tableExists(identifier) || viewExists(identifier)) {
      throw new TableAlreadyExistsException(qualified(identifier).toIndexedSeq)
    }
    val node = Json.mapper.createObjectNode()
    node.put("name", identifier.name)
    node.put("id", UUID.randomUUID.toString)
    node.put("created", System.currentTimeMillis)
    node.put("schema", IdentityValues.schema(info).json)
    val partitions = node.putArray("partitions")
    info.partitions.foreach { transform =>
      partitions.add(transform.references.map(_.fieldNames.mkString(".")).mkString(","))
    }
    val properties = new util.LinkedHashMap[String, String](info.properties)
    properties.putIfAbsent("provider", "delta")
    node.set[ObjectNode]("properties", Json.fromMap(properties))
    node.putArray("versions")
    LocalTable.addVersion(node, "CREATE TABLE", Nil, Map.empty)
    Files.createDirectories(folder(identifier))
    Json.write(file(identifier), node)
    loadTable(identifier)
  }

  override def alterTable(identifier: Identifier, changes: TableChange*): Table = {
    requireWritable(identifier.namespace)
    val node = load(identifier)
    val before = DataType.fromJson(node.get("schema").asText).asInstanceOf[StructType]
    val properties = Json.toMap(node.get("properties"))
    val columnChanges = changes.filter {
      case set: TableChange.SetProperty => properties.put(set.property, set.value); false
      case remove: TableChange.RemoveProperty => properties.remove(remove.property); false
      case _ => true
    }
    val after = CatalogV2Util.applySchemaChanges(
      before, columnChanges, Some(properties.getOrDefault("provider", "delta")), "ALTER TABLE")
    node.put("schema", after.json)
    node.set[ObjectNode]("properties", Json.fromMap(properties))
    val operation = if (columnChanges.isEmpty) "SET TBLPROPERTIES" else "ALTER TABLE"
    LocalTable.addVersion(node, operation, rewritten(identifier, node, before, after, columnChanges), Map.empty)
    Json.write(file(identifier), node)
    loadTable(identifier)
  }

  /** The data folders under the new columns: as they are, unless a column was renamed, dropped or has another type. */
  private def rewritten(
      table: Identifier, node: ObjectNode, before: StructType, after: StructType,
      changes: Seq[TableChange]): Seq[String] = {
    val folders = LocalTable.folders(node, None)
    val needed = changes.exists {
      case _: TableChange.RenameColumn | _: TableChange.DeleteColumn | _: TableChange.UpdateColumnType => true
      case _ => false
    }
    if (!needed || folders.isEmpty) return folders
    val oldName = changes.collect {
      case rename: TableChange.RenameColumn => rename.newName -> rename.fieldNames.head
    }.toMap
    val data = SparkSession.active.read.schema(before).parquet(folders.map(folder(table).resolve(_).toString): _*)
    val fresh = LocalTable.newFolder()
    data
      .select(after.map(f => data.col(quoteIdentifier(oldName.getOrElse(f.name, f.name))).cast(f.dataType).as(f.name)): _*)
      .write.parquet(folder(table).resolve(fresh).toString)
    Seq(fresh)
  }

  /** Moves the table aside, where UNDROP TABLE finds it. */
  override def dropTable(identifier: Identifier): Boolean = {
    requireWritable(identifier.namespace)
    if (!tableExists(identifier)) return false
    val kept = s"${lower(identifier.namespace.head)}.${lower(identifier.name)}.${System.currentTimeMillis}"
    val target = root.resolveSibling(s".$catalog-dropped").resolve(kept)
    Files.createDirectories(target.getParent)
    Files.move(folder(identifier), target)
    true
  }

  override def renameTable(from: Identifier, to: Identifier): Unit = {
    requireWritable(from.namespace)
    load(from)
    val target = if (to.namespace.isEmpty) Identifier.of(from.namespace, to.name) else to
    require(target.namespace)
    requireValid(target.name)
    if (tableExists(target) || viewExists(target)) throw new TableAlreadyExistsException(target)
    Files.move(folder(from), folder(target))
  }
}

private[dbsh] object LocalCatalog {
  val viewSuffix = ".view.json"

  def readOnly(what: String) =
    new LocalWorkspaceException(
      "UNSUPPORTED_FEATURE.READ_ONLY", "0A000", s"'$what' is read-only in the local workspace.")
}
