"""What becomes of Python's commands when the way to their Spark is bad: slow, cut, away, or leading to another server."""

import socket
import struct
import threading
import time
import unittest

from processes import ConnectContext, Worker

SLOW = "spark.range(0, 100000000000, 1, 4).selectExpr('(id ^ 7) % 5 as x').filter('x = 3').count()"
# A second or more.
LONG = "spark.range(0, 300000000, 1, 4).selectExpr('sum(id % 7) as s').collect()[0][0]"


class Proxy:
    """Passes connections on to a port, late or not at all."""

    def __init__(self, target):
        self.target = target
        self.delay = 0.0
        self._away = False
        self._open = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._away:
                reset(client)
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            with self._lock:
                self._open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        try:
            while piece := source.recv(1 << 16):
                time.sleep(self.delay)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # Cut.

    def cut(self):
        """Every connection ends with a reset, in the middle of what it carried."""
        with self._lock:
            for one in self._open:
                reset(one)
            self._open.clear()

    def leave(self):
        """The server is not to be reached any more."""
        self._away = True
        self.cut()

    def come_back(self):
        self._away = False

    def close(self):
        self._listener.close()
        self.cut()


def reset(connection):
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


worker = None
proxy = None
context = None


def setUpModule():
    global worker, proxy, context
    worker = Worker()
    proxy = Proxy(worker.serve_connect("token")["port"])
    context = ConnectContext(worker, "token", proxy.port)


def tearDownModule():
    context.close()
    proxy.close()
    worker.close()


def text(code):
    results = context.run(code)
    return f"{results.get('data', '')}{results.get('cause', '')}"


def operations():
    return [one["id"] for one in worker.serve_connect("token")["operations"]]


def until(condition):
    while not condition():
        time.sleep(0.05)


class Faults(unittest.TestCase):
    def tearDown(self):
        proxy.delay = 0.0
        proxy.come_back()

    def test_a_slow_way_only_takes_longer(self):
        proxy.delay = 0.1
        self.assertEqual(text("spark.range(3).count()"), "3")
        command = context.submit(SLOW)
        until(operations)
        context.send("cancel", id=command)
        self.assertTrue(context.last(command)["canceled"])
        until(lambda: not operations())

    def test_a_result_survives_the_cut_of_its_connection(self):
        self.assertEqual(text("spark.range(3).count()"), "3")
        command = context.submit(LONG)
        until(operations)
        proxy.cut()
        self.assertEqual(context.last(command)["results"]["data"], "899999997")

    def test_an_idle_connection_that_was_closed_is_opened_again(self):
        text("spark.range(4).createOrReplaceTempView('four')")
        proxy.cut()
        self.assertEqual(text("spark.table('four').count()"), "4")

    def test_a_server_that_is_away_is_told_of_and_can_be_left(self):
        self.assertEqual(text("spark.range(3).count()"), "3")
        proxy.leave()
        command = context.submit("spark.range(3).count()")
        while context.event(command)["ev"] != "waiting":
            pass
        context.send("cancel", id=command)
        self.assertTrue(context.last(command)["canceled"])
        proxy.come_back()
        self.assertEqual(text("spark.range(3).count()"), "3")

    def test_a_cancel_that_arrives_late_leaves_what_came_after_it(self):
        command = context.submit(SLOW)
        until(operations)
        (first,) = operations()
        proxy.leave()
        context.send("cancel", id=command)
        self.assertTrue(context.last(command)["canceled"])
        after = context.submit(SLOW)
        while context.event(after)["ev"] != "waiting":
            pass
        proxy.come_back()
        # Nobody waits for the first any more, and it is cancelled as soon as the server can be asked.
        until(lambda: first not in operations())
        until(operations)
        context.send("cancel", id=after)
        self.assertTrue(context.last(after)["canceled"])
        until(lambda: not operations())

    def test_another_server_means_another_session(self):
        text("kept = 6; df = spark.range(3); df.createOrReplaceTempView('gone')")
        other = Worker()
        try:
            first, proxy.target = proxy.target, other.serve_connect("token")["port"]
            proxy.cut()
            lost = context.run("df.count()")
            self.assertIn("Spark's session on the workspace has ended", lost["summary"])
            self.assertIn("make them again: df", lost["cause"])
            self.assertEqual(text("kept * spark.range(7).count()"), "42")
            proxy.target = first
            proxy.cut()
            # The first server knows nothing of the second's session either.
            self.assertIn("has ended", context.run("spark.range(3).count()")["summary"])
            self.assertEqual(text("spark.range(3).count()"), "3")
        finally:
            other.close()
