"""A TLS server that fails on purpose, in HTTP/1.1 and HTTP/2: what becomes of a request whose connection dies?

    fault_server.py CERTIFICATE KEY        prints one line of JSON with its ports, and serves until its standard input ends

A request fails when its body holds `fault=NAME`, once for each text after the name: `fault=reset#7` fails the first time it
comes, and succeeds when it comes again. Every request that arrived whole counts as one that was acted on, whatever became of
its answer; GET /log tells what has come. GET /agreed/NAME and /closed/NAME answer when TLS has been agreed on a connection for
the host NAME, and when all of them are closed. One port proxies: it answers CONNECT and passes everything on.
"""

import json
import re
import socket
import ssl
import struct
import sys
import threading
import weakref

import h2.config
import h2.connection
import h2.errors
import h2.events

FAULT = re.compile(rb"fault=([a-z0-9-]+)(#[A-Za-z0-9-]+)?")
STREAM_ERRORS = {
    "refused": h2.errors.ErrorCodes.REFUSED_STREAM,
    "stream-error": h2.errors.ErrorCodes.INTERNAL_ERROR,
    "wants-http1": h2.errors.ErrorCodes.HTTP_1_1_REQUIRED,
}
lock = threading.Condition()
log, done, connections = [], set(), []
# The connection of each socket.
named = weakref.WeakKeyDictionary()


class Dropped(Exception):
    """The connection is over."""


def reset(sock):
    """Ends the connection by RST, not FIN (socket(7): a linger time of zero)."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.socket.close(sock)
    except OSError:
        pass
    raise Dropped


def drop(sock):
    """Ends the connection in order, without waiting for the client to do the same."""
    try:
        sock.settimeout(0.05)
        sock.unwrap()
    except (OSError, ValueError):
        pass
    raise Dropped


def fault_in(data):
    """The fault that a body asks for, unless it has had it."""
    match = FAULT.search(data)
    if not match:
        return None
    with lock:
        return None if match.group(0) in done else match.group(1).decode()


def has_had(data):
    with lock:
        done.add(FAULT.search(data).group(0))


def note(method, path, body, connection, whole):
    if method == "GET":
        return
    with lock:
        log.append({"method": method, "path": path, "body": body[:300].decode("utf-8", "replace"), "size": len(body),
                    "connection": connection, "whole": whole})


def answer(method, path, body):
    if path == "/log":
        with lock:
            return json.dumps(log)
    if path == "/connections":
        with lock:
            return json.dumps(connections)
    if path.startswith(("/agreed/", "/closed/")):
        _, state, host = path.split("/")
        with lock:
            lock.wait_for(lambda: (mine := [c["state"] for c in connections if c["host"] == host]) and (
                set(mine) == {"closed"} if state == "closed" else "open" in mine), timeout=60)
        return "{}"
    if path.endswith("/sql/statements"):
        return json.dumps({
            "statement_id": "s", "status": {"state": "SUCCEEDED"},
            "manifest": {"format": "JSON_ARRAY", "total_chunk_count": 0, "total_row_count": 0, "schema": {}},
            "result": {}})
    return json.dumps({"id": "c", "status": "Running"})


# ---------------------------------------------------------------------------------------------------------- HTTP/1.1


def read_more(sock):
    data = sock.recv(16384)
    if not data:
        raise Dropped
    return data


def serve_http1(sock, number):
    data, hasty = b"", False
    while True:
        while b"\r\n\r\n" not in data:
            data += read_more(sock)
            if hasty:
                # It had decided to close this idle connection before it saw that a request was coming.
                reset(sock)
        head, body = data.split(b"\r\n\r\n", 1)
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            fault = fault_in(body)
            if fault == "part-of-body" and len(body) > 65536:
                has_had(body)
                note(method, path, body, number, False)
                reset(sock)
            body += read_more(sock)
        body, data = body[:length], body[length:]
        fault = fault_in(body)
        note(method, path, body, number, True)
        reply = answer(method, path, body).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(reply)}\r\n\r\n".encode()
        if fault:
            has_had(body)
            if fault == "reset":
                reset(sock)
            if fault == "close":
                drop(sock)
            if fault == "half-of-answer":
                sock.sendall(head + reply[:5])
                reset(sock)
            if fault == "half-of-head":
                sock.sendall(head[:20])
                reset(sock)
        sock.sendall(head + reply)
        if path.endswith("/then-close"):
            drop(sock)
        hasty = path.endswith("/then-hasty")


# ------------------------------------------------------------------------------------------------------------ HTTP/2


def serve_http2(sock, number):
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    connection.initiate_connection()
    sock.sendall(connection.data_to_send())
    streams, last = {}, 0

    def flush():
        sock.sendall(connection.data_to_send())

    def finish(stream):
        nonlocal last
        method, path, body = streams.pop(stream)
        fault = fault_in(body)
        note(method, path, body, number, True)
        reply = answer(method, path, body).encode()
        head = [(":status", "200"), ("content-type", "application/json"), ("content-length", str(len(reply)))]
        if fault:
            has_had(body)
            if fault == "reset":
                reset(sock)
            if fault == "close":
                drop(sock)
            if fault == "goaway-after":
                connection.close_connection(last_stream_id=stream)
                flush()
                drop(sock)
            if fault == "goaway-before":
                # It says that it has not acted on this one. (A server that lies.)
                connection.close_connection(last_stream_id=last)
                flush()
                drop(sock)
            if fault in STREAM_ERRORS:
                connection.reset_stream(stream, STREAM_ERRORS[fault])
                return flush()
            if fault in ("half-of-answer", "half-of-head"):
                connection.send_headers(stream, head)
                if fault == "half-of-answer":
                    connection.send_data(stream, reply[:5])
                connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
                return flush()
        connection.send_headers(stream, head)
        connection.send_data(stream, reply, end_stream=True)
        last = stream
        flush()
        if path.endswith("/then-close"):
            connection.close_connection(last_stream_id=stream)
            flush()
            drop(sock)

    while True:
        for event in connection.receive_data(read_more(sock)):
            if isinstance(event, h2.events.RequestReceived):
                headers = dict(event.headers)
                streams[event.stream_id] = [headers[":method"], headers[":path"], b""]
            elif isinstance(event, h2.events.DataReceived):
                connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if event.stream_id not in streams:
                    continue
                entry = streams[event.stream_id]
                entry[2] += event.data
                fault = fault_in(entry[2])
                if fault in ("part-of-body", "refused-early", "goaway-early") and len(entry[2]) > 65536:
                    has_had(entry[2])
                    note(*entry, number, False)
                    del streams[event.stream_id]
                    if fault == "part-of-body":
                        reset(sock)
                    if fault == "goaway-early":
                        connection.close_connection(last_stream_id=last)
                        flush()
                        drop(sock)
                    connection.reset_stream(event.stream_id, h2.errors.ErrorCodes.REFUSED_STREAM)
            elif isinstance(event, h2.events.StreamEnded):
                if event.stream_id in streams:
                    finish(event.stream_id)
            elif isinstance(event, h2.events.ConnectionTerminated):
                raise Dropped
        flush()


# ------------------------------------------------------------------------------------------------------------ serving


def serve(listener, context):
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=converse, args=(sock, context), daemon=True).start()


def tell(connection, **change):
    with lock:
        connection.update(change)
        lock.notify_all()


def converse(sock, context):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = {"host": "", "state": "new"}
    with lock:
        connections.append(connection)
        number = len(connections)
    try:
        sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        named[sock] = connection
        sock.do_handshake()
        tell(connection, state="open")
        (serve_http2 if sock.selected_alpn_protocol() == "h2" else serve_http1)(sock, number)
    except (Dropped, OSError, ssl.SSLError):
        pass
    finally:
        try:
            socket.socket.close(sock)
        except OSError:
            pass
        tell(connection, state="closed")


def hear_name(sock, name, _):
    named[sock]["host"] = name or ""


def serve_proxy(listener):
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=tunnel, args=(sock,), daemon=True).start()


def tunnel(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(4096)
    port = data.split(b" ")[1].decode().rsplit(":", 1)[1]
    other = socket.create_connection(("127.0.0.1", int(port)))
    sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def pump(a, b):
        try:
            while piece := a.recv(65536):
                b.sendall(piece)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    threading.Thread(target=pump, args=(other, sock), daemon=True).start()
    pump(sock, other)


def listen():
    return socket.create_server(("127.0.0.1", 0))


def main():
    certificate, key = sys.argv[1:]
    ports = {}
    for protocol in ("http/1.1", "h2"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.set_alpn_protocols([protocol])
        context.sni_callback = hear_name
        listener = listen()
        ports[protocol] = listener.getsockname()[1]
        threading.Thread(target=serve, args=(listener, context), daemon=True).start()
    proxy = listen()
    ports["proxy"] = proxy.getsockname()[1]
    threading.Thread(target=serve_proxy, args=(proxy,), daemon=True).start()
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


main()
