package org.apache.spark.sql.dbsh

import java.lang.{StringBuilder => Text}
import java.time.{ZoneId, ZoneOffset}
import java.util.Base64

import org.apache.spark.sql.catalyst.expressions.{Cast, Literal, SpecializedGetters}
import org.apache.spark.sql.catalyst.util.{DateFormatter, TimestampFormatter}
import org.apache.spark.sql.types._
import org.apache.spark.unsafe.types.UTF8String

/**
 * How values are written as JSON. A cell writer appends the JSON of one value of a row (or of an array: both are
 * `SpecializedGetters`), null included. The writers of a result's columns are made once and hold scratch space, so they
 * belong to one thread.
 */
private[dbsh] abstract class Cells(zone: ZoneId) {
  type Writer = (SpecializedGetters, Int, Text) => Unit

  /** The writer of a column. */
  def top(dataType: DataType): Writer

  /** The writer of a scalar inside an array, map or struct. */
  protected def scalar(dataType: DataType): Writer

  /** How the fields of a struct are put together. */
  protected def struct(names: Array[String], writers: Array[Writer]): Writer

  private val dates = DateFormatter()
  private val timestamps = TimestampFormatter("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", zone, isParsing = false)
  private val zonelessTimestamps = TimestampFormatter("yyyy-MM-dd'T'HH:mm:ss.SSS", ZoneOffset.UTC, isParsing = false)

  /** The text of a scalar that is not null: Spark's own cast to STRING except where the API has a form of its own. */
  protected def text(dataType: DataType): Writer = dataType match {
    case StringType => (row, i, out) => out.append(row.getUTF8String(i).toString)
    case ByteType => (row, i, out) => out.append(row.getByte(i))
    case ShortType => (row, i, out) => out.append(row.getShort(i))
    case IntegerType => (row, i, out) => out.append(row.getInt(i))
    case LongType => (row, i, out) => out.append(row.getLong(i))
    case FloatType => (row, i, out) => out.append(row.getFloat(i))
    case DoubleType => (row, i, out) => out.append(row.getDouble(i))
    case BooleanType => (row, i, out) => out.append(row.getBoolean(i))
    case decimal: DecimalType =>
      (row, i, out) => out.append(row.getDecimal(i, decimal.precision, decimal.scale).toJavaBigDecimal.toPlainString)
    case DateType => (row, i, out) => out.append(dates.format(row.getInt(i)))
    case TimestampType => (row, i, out) => out.append(timestamps.format(row.getLong(i)))
    case TimestampNTZType => (row, i, out) => out.append(zonelessTimestamps.format(row.getLong(i)))
    case BinaryType => (row, i, out) => out.append(Base64.getEncoder.encodeToString(row.getBinary(i)))
    case VariantType => (row, i, out) => out.append(row.getVariant(i).toJson(zone))
    case user: UserDefinedType[_] => any(user.sqlType)
    case other =>
      (row, i, out) => {
        val cast = Cast(Literal(row.get(i, other), other), StringType, Some(zone.getId))
        out.append(cast.eval().asInstanceOf[UTF8String].toString)
      }
  }

  /** The plain text of a value of any type that is not null: of a nested one, its JSON. */
  protected def any(dataType: DataType): Writer = dataType match {
    case _: ArrayType | _: MapType | _: StructType => nested(dataType)
    case user: UserDefinedType[_] => any(user.sqlType)
    case other => text(other)
  }

  /** The JSON value, null included. */
  protected def json(dataType: DataType): Writer = {
    val write: Writer = dataType match {
      case _: ArrayType | _: MapType | _: StructType => nested(dataType)
      case user: UserDefinedType[_] => json(user.sqlType)
      case other => scalar(other)
    }
    orNull(write)
  }

  private def nested(dataType: DataType): Writer = dataType match {
    case ArrayType(element, _) =>
      val write = json(element)
      (row, i, out) => {
        val array = row.getArray(i)
        sequence(out, '[', ']', array.numElements())(k => write(array, k, out))
      }
    case MapType(key, value, _) =>
      val (writeKey, writeValue) = (quoted(any(key)), json(value))
      (row, i, out) => {
        val map = row.getMap(i)
        val (keys, values) = (map.keyArray(), map.valueArray())
        sequence(out, '{', '}', map.numElements()) { k =>
          writeKey(keys, k, out)
          out.append(':')
          writeValue(values, k, out)
        }
      }
    case StructType(fields) =>
      val write = struct(fields.map(_.name), fields.map(field => json(field.dataType)))
      (row, i, out) => write(row.getStruct(i, fields.length), 0, out)
    case other => text(other)
  }

  protected def sequence(out: Text, open: Char, close: Char, count: Int)(item: Int => Unit): Unit = {
    out.append(open)
    var k = 0
    while (k < count) {
      if (k > 0) out.append(',')
      item(k)
      k += 1
    }
    out.append(close)
  }

  /** What the writer writes, as one JSON string. */
  protected def quoted(write: Writer): Writer = {
    val scratch = new Text
    (row, i, out) => {
      scratch.setLength(0)
      write(row, i, scratch)
      Results.quote(scratch, out)
    }
  }

  protected def orNull(write: Writer): Writer =
    (row, i, out) => if (row.isNullAt(i)) out.append("null") else write(row, i, out)
}

/**
 * Statement Execution, JSON_ARRAY: every cell a string or null; nested values are JSON in that string, whose scalars
 * are strings again.
 */
private[dbsh] class StatementCells(zone: ZoneId) extends Cells(zone) {

  override def top(dataType: DataType): Writer = orNull(quoted(any(dataType)))

  override protected def scalar(dataType: DataType): Writer = quoted(text(dataType))

  override protected def struct(names: Array[String], writers: Array[Writer]): Writer = {
    val labels = names.map { name =>
      val label = new Text
      Results.quote(name, label)
      label.append(':').toString
    }
    (row, _, out) =>
      sequence(out, '{', '}', writers.length) { k =>
        out.append(labels(k))
        writers(k)(row, k, out)
      }
  }
}

/**
 * Command execution: native JSON, but decimals as strings (every digit kept), timestamps in UTC, structs as arrays in
 * the order of their fields.
 */
private[dbsh] class CommandCells extends Cells(ZoneOffset.UTC) {

  override def top(dataType: DataType): Writer = json(dataType)

  override protected def scalar(dataType: DataType): Writer = dataType match {
    case ByteType | ShortType | IntegerType | LongType | BooleanType => text(dataType)
    case FloatType | DoubleType =>
      // JSON has no NaN and no infinity: those are strings.
      val (plain, asString) = (text(dataType), quoted(text(dataType)))
      (row, i, out) => {
        val value = if (dataType == FloatType) row.getFloat(i).toDouble else row.getDouble(i)
        if (value.isNaN || value.isInfinite) asString(row, i, out) else plain(row, i, out)
      }
    case other => quoted(text(other))
  }

  override protected def struct(names: Array[String], writers: Array[Writer]): Writer =
    (row, _, out) => sequence(out, '[', ']', writers.length)(k => writers(k)(row, k, out))
}
