// Inside Spark's own package, to which the service shows its state.
package org.apache.spark.sql.connect.dbsh

import scala.collection.mutable

import org.apache.spark.{SparkContext, SparkEnv}
import org.apache.spark.scheduler.{SparkListener, SparkListenerEvent, SparkListenerJobStart}
import org.apache.spark.sql.connect.config.Connect
import org.apache.spark.sql.connect.service.{ExecuteInfo, SparkConnectService, SparkListenerConnectOperationCanceled}
import org.sparkproject.connect.grpc._

/**
 * The Spark Connect endpoint of this JVM: started when somebody asks for it, as most never do. It wants what a workspace
 * wants: a bearer token that is accepted, and a header that names the compute.
 */
object ConnectEndpoint {
  /** Tokens, and until when each is good, in milliseconds since 1970. */
  @volatile private var tokens = Map.empty[String, Long]

  /**
   * Starts it, on a free port of 127.0.0.1, or only takes over `accepted`; answers the port. Each is `END TOKEN`, without
   * an end for one that is always good.
   */
  def start(context: SparkContext, accepted: Array[String]): Int = synchronized {
    tokens = accepted.map(_.split(" ", 2)).map(one => one(1) -> one(0).toLongOption.getOrElse(Long.MaxValue)).toMap
    if (!SparkConnectService.started) {
      val settings = SparkEnv.get.conf
      settings.set(Connect.CONNECT_GRPC_BINDING_ADDRESS.key, "127.0.0.1")
      settings.set(Connect.CONNECT_GRPC_BINDING_PORT.key, "0")
      settings.set(Connect.CONNECT_GRPC_INTERCEPTOR_CLASSES.key, classOf[ConnectGate].getName)
      SparkConnectService.start(context)
      context.addSparkListener(new LateJobs(context))
    }
    SparkConnectService.localPort
  }

  /** What runs now, each as `ID SESSION STATE`. */
  def operations: Array[String] = running.map(one => s"${one.operationId} ${one.sessionId} ${one.status}").toArray

  /** Spark lists operations that have ended too, until the client releases them. */
  private def running: Seq[ExecuteInfo] =
    if (!SparkConnectService.started) Seq.empty
    else SparkConnectService.listActiveExecutions.fold(_ => Seq.empty, _.filter(one => Running(one.status.toString)))

  private val Running = Set("Pending", "Started", "Analyzed", "ReadyForExecution")

  /** Why calls with this token are refused; None for a good one. */
  def refusal(token: String): Option[String] = tokens.get(token) match {
    case None => Some("The token is not valid.")
    case Some(end) if end <= System.currentTimeMillis => Some("The access token has expired.")
    case _ => None
  }
}

/**
 * Cancels jobs that begin after their operation was cancelled. The interrupt itself cancels the jobs that there are: one that
 * comes between the planning of a query and its first job leaves that job to run, with nobody to stop it.
 */
class LateJobs(context: SparkContext) extends SparkListener {
  // The listener's events come one by one, on one thread.
  private val cancelled = mutable.LinkedHashSet.empty[String]
  private val Kept = 1000

  override def onOtherEvent(event: SparkListenerEvent): Unit = event match {
    case end: SparkListenerConnectOperationCanceled =>
      cancelled += end.jobTag
      if (cancelled.size > Kept) cancelled -= cancelled.head
      context.cancelJobsWithTag(end.jobTag)
    case _ =>
  }

  override def onJobStart(start: SparkListenerJobStart): Unit = {
    val tags = Option(start.properties).flatMap(all => Option(all.getProperty("spark.job.tags"))).getOrElse("")
    if (tags.split(",").exists(cancelled)) context.cancelJob(start.jobId, "its operation was cancelled")
  }
}

/** Lets a call pass when it is signed and says which compute it is for. */
class ConnectGate extends ServerInterceptor {
  private def header(headers: Metadata, name: String) =
    Option(headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)))

  override def interceptCall[Request, Response](
      call: ServerCall[Request, Response],
      headers: Metadata,
      next: ServerCallHandler[Request, Response]): ServerCall.Listener[Request] = {
    def refuse(status: Status) = {
      call.close(status, new Metadata)
      new ServerCall.Listener[Request] {}
    }
    val token = header(headers, "authorization").getOrElse("").stripPrefix("Bearer ")
    val refusal = ConnectEndpoint.refusal(token)
    if (refusal.nonEmpty) {
      refuse(Status.UNAUTHENTICATED.withDescription(refusal.get))
    } else if (!Seq("x-databricks-session-id", "x-databricks-cluster-id").exists(header(headers, _).nonEmpty)) {
      refuse(Status.INVALID_ARGUMENT.withDescription(
        "Neither x-databricks-session-id (serverless) nor x-databricks-cluster-id says which compute this is for."))
    } else {
      next.startCall(call, headers)
    }
  }
}
