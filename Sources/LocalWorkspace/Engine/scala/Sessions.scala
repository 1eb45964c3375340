package org.apache.spark.sql.dbsh

import java.util
import java.util.concurrent.ConcurrentHashMap

import scala.jdk.CollectionConverters._

import org.apache.spark.SparkContext
import org.apache.spark.sql.{Column, DataFrame}
import org.apache.spark.sql.catalyst.expressions.{Cast, EvalMode, Literal}
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser
import org.apache.spark.sql.catalyst.plans.logical.TruncateTable
import org.apache.spark.sql.classic.{ExpressionUtils, SparkSession}
import org.apache.spark.sql.types.NullType

/**
 * The named Spark sessions of this JVM. The worker (SQL), a context's Python process and its Scala interpreter each ask
 * for the session by the context's name, and so share temporary views, USE, SET and variables.
 */
object Sessions {
  private val sessions = new ConcurrentHashMap[String, SparkSession]
  private val lastFrames = new ConcurrentHashMap[String, DataFrame]

  def anonymous(): SparkSession = SparkSession.getDefaultSession.get.newSession()
  def get(name: String): SparkSession = sessions.computeIfAbsent(name, _ => anonymous())

  /** The context's last SQL result, which its Python knows as `_sqldf`; null when there is none. */
  def lastFrame(name: String): DataFrame = lastFrames.get(name)
  def remember(name: String, frame: DataFrame): Unit = lastFrames.put(name, frame)

  /** Makes a catalog known to `session`, to every named session and to those made from now on. */
  def addCatalog(session: SparkSession, catalog: String, root: String): Unit = {
    val key = s"spark.sql.catalog.$catalog"
    val settings = Seq(key -> classOf[LocalCatalog].getName, s"$key.root" -> root)
    for ((key, value) <- settings) {
      session.sparkContext.conf.set(key, value)
      (session +: sessions.values.asScala.toSeq).foreach(_.conf.set(key, value))
    }
  }

  def close(name: String): Unit = {
    sessions.remove(name)
    lastFrames.remove(name)
  }
}

/**
 * How many rows a statement wrote, by the statement's id: told by the table's commit, asked for when the statement has
 * ended.
 */
object RowCounts {
  val property = "dbsh.statement"
  private val counts = new ConcurrentHashMap[String, util.Map[String, java.lang.Long]]

  private[dbsh] def record(context: SparkContext, rows: Map[String, Long]): Unit = {
    val statement = context.getLocalProperty(property)
    if (statement != null && rows.nonEmpty) {
      counts.put(statement, rows.map { case (name, count) => name -> java.lang.Long.valueOf(count) }.asJava)
    }
  }

  /** Null when the statement committed nothing, or is one whose rows nobody counts. `frame` is its result. */
  def take(statement: String, frame: DataFrame): util.Map[String, java.lang.Long] = {
    val rows = counts.remove(statement)
    if (frame.queryExecution.logical.isInstanceOf[TruncateTable]) null else rows
  }
}

/** Statement parameters of the API: a text and the name of a type. */
object Parameters {

  /**
   * The text cast once, here, because Spark takes only literals as arguments. A bad value gives Spark's
   * CAST_INVALID_INPUT.
   */
  def literal(text: String, typeName: String, timeZone: String): Column = {
    val dataType = if (typeName.equalsIgnoreCase("VOID")) NullType else CatalystSqlParser.parseDataType(typeName)
    ExpressionUtils.column(
      if (text == null) Literal(null, dataType)
      else Literal(Cast(Literal(text), dataType, Some(timeZone), EvalMode.ANSI).eval(), dataType))
  }
}
