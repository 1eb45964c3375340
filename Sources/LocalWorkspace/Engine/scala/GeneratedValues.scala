package org.apache.spark.sql.dbsh

import org.apache.spark.sql.{DataFrame, SparkSession, SparkSessionExtensions, functions => F}
import org.apache.spark.sql.catalyst.analysis.{EliminateSubqueryAliases, UnresolvedAttribute, UnresolvedRelation}
import org.apache.spark.sql.catalyst.plans.logical._
import org.apache.spark.sql.catalyst.rules.Rule
import org.apache.spark.sql.catalyst.util.{quoteIdentifier, GeneratedColumn}
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation
import org.apache.spark.sql.types.StructType

/**
 * The values of a table's generated columns. Spark could compute them, but then it refuses UPDATE and MERGE
 * (`TableCapability.GENERATE_COLUMN_VALUES_ON_WRITE`).
 */
private[dbsh] class GeneratedValues(schema: StructType) {
  private val columns =
    schema.fields.toSeq.flatMap(field => GeneratedColumn.getGenerationExpression(field).map(field -> _))

  def areNeeded: Boolean = columns.nonEmpty

  /** As statements write to it: they may leave out what is generated. */
  def writeSchema: StructType = StructType(schema.map { field =>
    if (GeneratedColumn.isGeneratedColumn(field)) field.copy(nullable = true) else field
  })

  /**
   * The rows with all their values.
   *
   * @param inserted whether they are new to the table: one that the user gives has to be what would be computed.
   */
  def fill(written: DataFrame, inserted: Boolean): DataFrame = columns.foldLeft(written) { case (rows, (field, text)) =>
    val value = F.col(quoteIdentifier(field.name))
    val made = F.expr(text).cast(field.dataType)
    if (inserted && !rows.filter(value.isNotNull && !(value <=> made)).isEmpty) {
      throw new LocalWorkspaceException(
        "CHECK_CONSTRAINT_VIOLATION", "23001", s"A value of generated column ${field.name} is not what ($text) makes.")
    }
    rows.withColumn(field.name, made)
  }
}

/**
 * Refuses UPDATE and MERGE that assign generated columns: the rows that come to be written do not say which values the
 * user gave.
 */
class GeneratedAssignments extends (SparkSessionExtensions => Unit) {
  // The rules after this one turn the statements into plans that write rows.
  override def apply(extensions: SparkSessionExtensions): Unit =
    extensions.injectHintResolutionRule(session => new GeneratedAssignmentsRule(session))
}

private class GeneratedAssignmentsRule(session: SparkSession) extends Rule[LogicalPlan] {
  override def apply(plan: LogicalPlan): LogicalPlan = {
    plan.foreach {
      case update: UpdateTable => check("UPDATE", update.table, update.assignments)
      case merge: MergeIntoTable =>
        val actions = merge.matchedActions ++ merge.notMatchedActions ++ merge.notMatchedBySourceActions
        check("MERGE", merge.targetTable, actions.collect {
          case action: UpdateAction => action.assignments
          case action: InsertAction => action.assignments
        }.flatten)
      case _ =>
    }
    plan
  }

  private def check(command: String, table: LogicalPlan, assignments: Seq[Assignment]): Unit =
    EliminateSubqueryAliases(table) match {
      case relation: UnresolvedRelation =>
        val generated = session.sessionState.analyzer.execute(relation).collect {
          case DataSourceV2Relation(local: LocalTable, _, _, _, _, _) =>
            local.schema.filter(GeneratedColumn.isGeneratedColumn).map(_.name)
        }.flatten
        assignments.map(_.key).collect { case UnresolvedAttribute(parts) => parts.last }
          .find(name => generated.exists(_.equalsIgnoreCase(name)))
          .foreach(name => throw LocalTable.unsupported(s"Assigning generated column $name in $command"))
      case _ =>
    }
}
