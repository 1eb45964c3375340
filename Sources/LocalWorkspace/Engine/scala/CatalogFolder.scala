package org.apache.spark.sql.dbsh

import java.nio.file.{Files, Path}
import java.util.Locale

import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException
import org.apache.spark.sql.connector.catalog.Identifier

/** The folder of a catalog: which names may be made in it, and which file a name is. */
private[dbsh] trait CatalogFolder {
  protected var catalog = ""
  protected var root: Path = _
  protected var readOnly = false

  protected def lower(text: String) = text.toLowerCase(Locale.ROOT)

  /**
   * Names become file names: what would leave the folder or hide in it names nothing, and nothing can be made with it.
   */
  private def valid(name: String) =
    name.nonEmpty && !name.startsWith(".") && !name.exists(c => c == '/' || c == '\u0000')

  private def fileName(name: String): String = if (valid(name)) lower(name) else ".nothing"

  protected def requireValid(name: String): Unit =
    if (!valid(name)) {
      throw new LocalWorkspaceException("INVALID_NAME", "42602", s"'$name' cannot be a name in the local workspace.")
    }

  protected def folder(namespace: Array[String]): Path = root.resolve(fileName(namespace.mkString("\u0001")))
  protected def folder(table: Identifier): Path = folder(table.namespace).resolve(fileName(table.name))
  protected def file(table: Identifier): Path = folder(table).resolve("_table.json")
  protected def viewFile(view: Identifier): Path =
    folder(view.namespace).resolve(fileName(view.name) + LocalCatalog.viewSuffix)
  protected def schemaFile(namespace: Array[String]): Path = folder(namespace).resolve("_schema.json")
  protected def qualified(identifier: Identifier): Array[String] = (catalog +: identifier.namespace) :+ identifier.name
  protected def virtual(namespace: Array[String]) =
    namespace.length == 1 && lower(namespace.head) == InformationSchema.name

  protected def exists(namespace: Array[String]) =
    namespace.length == 1 && (virtual(namespace) || Files.isDirectory(folder(namespace)))

  protected def require(namespace: Array[String]): Unit =
    if (!exists(namespace)) throw new NoSuchNamespaceException(catalog +: namespace)

  protected def requireWritable(namespace: Array[String] = Array()): Unit =
    if (readOnly || virtual(namespace)) throw LocalCatalog.readOnly(if (readOnly) catalog else InformationSchema.name)
}
