package org.apache.spark.sql.dbsh

import java.nio.file.Files

import com.fasterxml.jackson.databind.node.ObjectNode
import org.apache.spark.sql.catalyst.analysis.{NoSuchViewException, ViewAlreadyExistsException}
import org.apache.spark.sql.connector.catalog.{Identifier, RelationCatalog, View}
import org.apache.spark.sql.types.{DataType, StructType}

/** The views of a catalog: one file each. */
private[dbsh] trait LocalViews extends CatalogFolder with RelationCatalog {

  override def listViews(namespace: Array[String]): Array[Identifier] = {
    require(namespace)
    Disk.list(folder(namespace)).map(_.getName)
      .filter(name => name.endsWith(LocalCatalog.viewSuffix) && !name.startsWith("."))
      .map(_.stripSuffix(LocalCatalog.viewSuffix)).sorted.map(Identifier.of(namespace, _)).toArray
  }

  override def viewExists(view: Identifier): Boolean = Files.exists(viewFile(view))

  override def loadView(view: Identifier): View =
    if (viewExists(view)) readView(view) else throw new NoSuchViewException(view)

  protected def readView(view: Identifier): View = {
    val node = Json.read(viewFile(view))
    def array(key: String) = Json.texts(node.get(key)).toArray
    new View.Builder()
      .withSchema(DataType.fromJson(node.get("schema").asText).asInstanceOf[StructType])
      .withProperties(Json.toMap(node.get("properties"))).asInstanceOf[View.Builder]
      .withQueryText(node.get("sql").asText)
      .withCurrentCatalog(node.get("catalog").asText)
      .withCurrentNamespace(array("namespace"))
      .withSqlConfigs(Json.toMap(node.get("configs")))
      .withSchemaMode(node.get("mode").asText(null))
      .withQueryColumnNames(array("cols"))
      .build()
  }

  override def createView(identifier: Identifier, view: View): View = {
    require(identifier.namespace)
    requireWritable(identifier.namespace)
    requireValid(identifier.name)
    if (viewExists(identifier) || tableExists(identifier)) throw new ViewAlreadyExistsException(identifier)
    val node = Json.mapper.createObjectNode()
    node.put("schema", view.schema.json)
    node.put("sql", view.queryText)
    node.put("catalog", view.currentCatalog)
    node.put("mode", view.schemaMode)
    val namespace = node.putArray("namespace")
    view.currentNamespace.foreach(namespace.add)
    val columns = node.putArray("cols")
    view.queryColumnNames.foreach(columns.add)
    node.set[ObjectNode]("configs", Json.fromMap(view.sqlConfigs))
    node.set[ObjectNode]("properties", Json.fromMap(view.properties))
    Json.write(viewFile(identifier), node)
    view
  }

  override def replaceView(identifier: Identifier, view: View): View = {
    if (!dropView(identifier)) throw new NoSuchViewException(identifier)
    createView(identifier, view)
  }

  override def dropView(view: Identifier): Boolean = {
    requireWritable(view.namespace)
    Files.deleteIfExists(viewFile(view))
  }

  override def renameView(from: Identifier, to: Identifier): Unit = {
    requireWritable(from.namespace)
    requireValid(to.name)
    Files.move(viewFile(from), viewFile(if (to.namespace.isEmpty) Identifier.of(from.namespace, to.name) else to))
  }
}
