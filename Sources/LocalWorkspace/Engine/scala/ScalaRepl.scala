package org.apache.spark.sql.dbsh

import java.io.{ByteArrayOutputStream, PrintStream, PrintWriter}
import java.util.concurrent.ConcurrentHashMap

import scala.tools.nsc.GenericRunnerSettings
import scala.tools.nsc.interpreter.{IMain, Results => Outcome}
import scala.tools.nsc.interpreter.shell.{ReplReporterImpl, ShellConfig}
import scala.util.matching.Regex

import org.apache.spark.sql.{DataFrame, SparkSession => AnySession}

/**
 * The Scala interpreter of one execution context: the compiler that Spark's own shell uses, in the engine's JVM, on the
 * context's Spark session. Its classes go to the folder that Spark serves to its executors, so closures work.
 */
class ScalaRepl(context: String, classFolder: String) {
  private val output = new ByteArrayOutputStream
  private val printer = new PrintStream(output, true, "UTF-8")
  @volatile private var running: Thread = _
  private val spark = Sessions.get(context)

  /** Which values an echo tells of is known when the request has been recorded, so it waits for that. */
  private class EchoReporter(settings: GenericRunnerSettings)
      extends ReplReporterImpl(ShellConfig(settings), settings, new PrintWriter(printer, true)) {
    private var echoed = ""

    override def printResult(result: Either[String, String]): Unit = result match {
      case Right(text) => echoed = text
      case Left(_) => super.printResult(result)
    }

    def forgetEcho(): Unit = echoed = ""

    def printEcho(names: List[String]): Unit = {
      if (echoed.nonEmpty) super.printResult(Right(ScalaRepl.echo(echoed, names)))
      forgetEcho()
    }
  }

  private val (interpreter, reporter) = {
    // All interpreters of the JVM share one class folder: their generated names must differ.
    System.setProperty("scala.repl.naming.line", "$line9%04d".format(ScalaRepl.count.incrementAndGet()))
    val settings = new GenericRunnerSettings(message => printer.println(message))
    settings.processArguments(
      List(
        "-Yrepl-class-based", "-Yrepl-outdir", classFolder, "-nowarn",
        "-classpath", System.getProperty("java.class.path")),
      processAll = true)
    val reporter = new EchoReporter(settings)
    val main = new IMain(settings, reporter)
    main.initializeCompiler()
    (main, reporter)
  }

  ScalaRepl.open.put(context, this)
  Seq(
    s"""@transient val spark = org.apache.spark.sql.dbsh.Sessions.get("$context")""",
    "@transient val sc = spark.sparkContext",
    s"""def display(frame: org.apache.spark.sql.Dataset[_]): Unit =
       |  org.apache.spark.sql.dbsh.ScalaRepl.display("$context", frame.toDF())""".stripMargin,
    "import spark.implicits._",
    "import org.apache.spark.sql.functions._",
    "import spark.sql").foreach(interpreter.interpret)
  private var displayed: String = _

  /**
   * Runs a command: "ok", "error" or "incomplete", the printed text, and the results object of the last `display`, or
   * null.
   */
  def run(code: String, group: String): Array[String] = synchronized {
    printer.flush()
    output.reset()
    displayed = null
    reporter.forgetEcho()
    running = Thread.currentThread
    running.setContextClassLoader(interpreter.classLoader)
    AnySession.setActiveSession(spark)
    spark.sparkContext.setJobGroup(group, "Scala command", interruptOnCancel = true)
    val outcome =
      try Console.withOut(printer)(Console.withErr(printer)(interpreter.interpret(code)))
      catch { case _: InterruptedException => Outcome.Error }
      finally {
        running = null
        Thread.interrupted()
      }
    reporter.printEcho(interpreter.prevRequestList.lastOption.toList.flatMap(_.termNames.map(_.decodedName.toString)))
    printer.flush()
    val status = outcome match {
      case Outcome.Success => "ok"
      case Outcome.Error => "error"
      case Outcome.Incomplete => "incomplete"
    }
    Array(status, output.toString("UTF-8"), displayed)
  }

  /** Interrupts what runs: a sleep or a wait ends; a loop that never looks up cannot be stopped in a JVM. */
  def interrupt(): Unit = {
    val thread = running
    if (thread != null) thread.interrupt()
  }

  def close(): Unit = {
    ScalaRepl.open.remove(context)
    interpreter.close()
  }
}

object ScalaRepl {
  private[dbsh] val open = new ConcurrentHashMap[String, ScalaRepl]
  private val count = new java.util.concurrent.atomic.AtomicInteger

  /**
   * What the interpreter says of the values that a cell defines, as Databricks echoes it: `x: Int = 42`, where Scala 2.13
   * writes the keyword too. Lines of a value that look the same stay as they are.
   */
  private def echo(text: String, names: List[String]): String = {
    var left = names
    declaration.replaceAllIn(
      text,
      found =>
        Regex.quoteReplacement(
          if (!left.contains(found.group("name"))) found.matched
          else {
            left = left.dropWhile(_ != found.group("name")).tail
            val value = if (found.group("unevaluated") == null) "" else " = <lazy>"
            s"${found.group("name")}: ${found.group("rest")}$value"
          }))
  }
  private val declaration =
    """(?m)^(?:lazy val|val|var) (?<name>.+?): (?<rest>.*?)(?<unevaluated> // unevaluated)?$""".r

  /** Interrupts what runs in a context, if anything does. */
  def interrupt(context: String): Unit = Option(open.get(context)).foreach(_.interrupt())

  /** `display` of Scala code. */
  def display(context: String, frame: DataFrame): Unit =
    open.get(context).displayed = Results.command(frame, 10000, 2 << 20)
}
