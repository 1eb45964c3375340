"""Starts the JVM that runs Spark: directly, without spark-submit, which would start a second JVM just to compute a
command line.
"""

import glob
import os
import struct
import subprocess
import time

from py4j.protocol import Py4JError, Py4JJavaError

# Packages that Spark opens by reflection (from the list in Spark's own JavaModuleOptions).
OPENED_PACKAGES = (
    "java.lang",
    "java.lang.invoke",
    "java.lang.reflect",
    "java.io",
    "java.net",
    "java.nio",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
    "jdk.internal.ref",
    "sun.nio.ch",
    "sun.nio.cs",
    "sun.security.action",
    "sun.util.calendar",
)

# Jars of cluster managers and servers, which a local engine never loads: a shorter class path is searched faster.
UNUSED_JARS = (
    "kubernetes-",
    "spark-kubernetes",
    "okhttp",
    "okio",
    "logging-interceptor",
    "zjsonpatch",
    "snakeyaml-engine",
    "generex",
    "automaton",
    "spark-yarn",
    "hadoop-yarn",
    "spark-hive-thriftserver",
    "hive-beeline",
    "hive-cli",
    "hive-jdbc",
    "jline-2",
    "sqlline",
    "spark-tags_2.13-tests",
    "spark-mesos",
    "mesos",
)


class JVMStartError(Exception):
    """The JVM ended before it answered."""


def is_no_answer(error):
    """Whether a call into the JVM failed on its way and not in the JVM, as any call does when that has ended; py4j also says
    then that a class does not exist.
    """
    return isinstance(error, (ConnectionError, Py4JError)) and not isinstance(error, Py4JJavaError)


def class_path(spark_home, jar):
    """Sorted, because the class archive is only valid for exactly this path."""
    jars = sorted(glob.glob(os.path.join(spark_home, "jars", "*.jar")))
    return ":".join([path for path in jars if not os.path.basename(path).startswith(UNUSED_JARS)] + [jar])


def command(spark_home, settings, *, java, jar, archive=None, write_archive=None, heap="1g", quick_compiler=False):
    """The command line.

    `archive` is the class archive to start from, `write_archive` where to write one at exit. `quick_compiler` stops at
    the
    C1 compiler: on one or two cores the JVM then starts sooner than with C2 competing for them.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    line = [java, f"-Xmx{heap}", "-Xss4m", "-Xshare:auto", "-XX:+UseSerialGC"]
    if archive and os.path.exists(archive):
        line.append(f"-XX:SharedArchiveFile={archive}")
    if write_archive:
        line.append(f"-XX:ArchiveClassesAtExit={write_archive}")
    if quick_compiler:
        line.append("-XX:TieredStopAtLevel=1")
    line += [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED_PACKAGES]
    line += [
        "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
        "-Djdk.reflect.useDirectMethodHandle=false",
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-Dio.netty.allocator.type=pooled",
        "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
        "-Dderby.connection.requireAuthentication=false",
        "-Dderby.stream.error.file=/dev/null",
        f"-Dlog4j2.configurationFile=file:{here}/log4j2.properties",
    ]
    line += [f"-D{name}={value}" for name, value in settings.items()]
    return line + ["-cp", class_path(spark_home, jar), "org.apache.spark.api.python.PythonGatewayServer"]


class JVM:
    """A running JVM with Spark's py4j gateway on a loopback port, guarded by a secret. It ends when its stdin does."""

    def __init__(self, line, spark_home, log_path, environment, folder):
        """Starts it; `folder` is where it says how to connect."""
        self._log_path = log_path
        self._connection = os.path.join(folder, "connection")
        variables = {
            **environment,
            "_PYSPARK_DRIVER_CONN_INFO_PATH": self._connection,
            "SPARK_HOME": spark_home,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_SCALA_VERSION": "2.13",
        }
        self.port = None
        with open(log_path, "ab") as log:
            # In the worker's process group, which the server ends as a whole, however the worker ends.
            self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=log, stderr=log, env=variables)

    def connect(self):
        """Waits until it answers: then `port` and `secret` are known."""
        while not os.path.exists(self._connection):
            if self.process.poll() is not None:
                raise JVMStartError(f"Java ended with status {self.process.returncode}; its log is {self._log_path}.")
            time.sleep(0.01)
        with open(self._connection, "rb") as file:
            port, length = struct.unpack(">ii", file.read(8))
            self.secret = file.read(length).decode()
        os.remove(self._connection)
        self.port = port

    def wait(self):
        return self.process.wait()

    def stop(self, patience):
        """Asks the JVM to end, and after `patience` seconds makes it; one that still starts is not waited for."""
        if self.port is None:
            patience = 0
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()
