package org.apache.spark.sql.dbsh

import java.io.File
import java.nio.channels.FileChannel
import java.nio.file.{Files, Path, StandardCopyOption, StandardOpenOption}
import java.util
import java.util.UUID

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.node.ObjectNode

/** The small JSON files in which the catalog keeps what it knows. */
private[dbsh] object Json {
  val mapper = new ObjectMapper()

  def read(path: Path): ObjectNode = mapper.readTree(path.toFile).asInstanceOf[ObjectNode]

  /** Replaces the file at once, so that a process killed meanwhile never leaves half of it. */
  def write(path: Path, node: JsonNode): Unit = {
    val draft = path.resolveSibling(s".${path.getFileName}.${UUID.randomUUID}")
    mapper.writerWithDefaultPrettyPrinter().writeValue(draft.toFile, node)
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
  }

  def toMap(node: JsonNode): util.Map[String, String] = {
    val map = new util.LinkedHashMap[String, String]
    if (node != null) node.properties().asScala.foreach(entry => map.put(entry.getKey, entry.getValue.asText))
    map
  }

  def fromMap(map: util.Map[String, String]): ObjectNode = {
    val node = mapper.createObjectNode()
    map.asScala.foreach { case (key, value) => node.put(key, value) }
    node
  }

  def texts(node: JsonNode): Seq[String] = node.elements.asScala.map(_.asText).toSeq
}

private[dbsh] object Disk {

  def delete(file: File): Unit = {
    Option(file.listFiles).foreach(_.foreach(delete))
    file.delete()
  }

  def list(folder: Path): Seq[File] = Option(folder.toFile.listFiles).map(_.toSeq).getOrElse(Nil)

  /** The folders in it that are not hidden, by name. */
  def folders(folder: Path): Seq[Path] =
    list(folder).filter(file => file.isDirectory && !file.getName.startsWith(".")).map(_.toPath).sorted

  /**
   * Runs `body` alone among this JVM's threads and among the engines that share the folder (two shells on one data
   * directory): the first needs a monitor, because a file lock belongs to the whole process, and the second needs the
   * file lock.
   */
  def exclusively[T](folder: Path)(body: => T): T = synchronized {
    val channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
    try {
      channel.lock()
      body
    } finally channel.close()
  }
}

/** An error of the local workspace itself, in the form of Spark's own: `[CONDITION] text SQLSTATE: 12345`. */
private[dbsh] class LocalWorkspaceException(condition: String, sqlState: String, text: String)
    extends RuntimeException(s"[$condition] $text SQLSTATE: $sqlState")
