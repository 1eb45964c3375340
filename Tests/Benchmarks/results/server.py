"""A workspace of ready-made bytes on the loopback: statements whose text is the name of a folder of chunks.

`select 'inline FOLDER'` and `select 'links FOLDER'` succeed at the first poll; the rows come inside the replies or behind links, straight from the file
(sendfile), so that the server costs next to nothing."""

import json
import os
import socket
import sys
import threading

ROOT = sys.argv[1]
META = {}


def meta(name):
    if name not in META:
        META[name] = json.load(open(f"{ROOT}/{name}/meta.json"))
    return META[name]


def reply(connection, body, status="200 OK", kind="application/json"):
    connection.sendall(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def send_file(connection, path, before=b"", after=b""):
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" %
                           (size + len(before) + len(after)) + before)
        offset = 0
        while offset < size:
            offset += os.sendfile(connection.fileno(), file.fileno(), offset, size - offset)
    if after:
        connection.sendall(after)


def extent(name, index, host):
    value = meta(name)["chunks"][index]
    following = {} if index + 1 >= len(meta(name)["chunks"]) else {"next_chunk_index": index + 1}
    return {**value, **following}


def chunk(connection, statement, index, host, around=None):
    """A chunk's reply; `around` is the statement's reply that it is to stand in."""
    disposition, name = statement.split("-", 1)
    value = extent(name, index, host)
    if disposition == "links":
        value["external_link"] = f"http://{host}/files/{name}/{index}"
        result = {"external_links": [value]}
        return reply(connection, json.dumps({**around, "result": result} if around else result).encode())
    head = json.dumps(value)[:-1].encode() + b',"data_array":'
    if around:
        return send_file(connection, f"{ROOT}/{name}/{index}.json", json.dumps(around)[:-1].encode() + b',"result":' + head, b"}}")
    send_file(connection, f"{ROOT}/{name}/{index}.json", head, b"}")


def answer(connection, method, path, headers, body):
    parts = path.split("?")[0].strip("/").split("/")
    host = headers["host"]
    if parts[0] == "files":
        return send_file(connection, f"{ROOT}/{parts[1]}/{parts[2]}.json")
    if parts[:4] == ["api", "2.0", "sql", "warehouses"]:
        return reply(connection, b'{"warehouses":[{"id":"w","name":"w","state":"RUNNING"}]}')
    if parts[:4] != ["api", "2.0", "sql", "statements"]:
        return reply(connection, b'{"error_code":"NOT_FOUND","message":"not here"}', "404 Not Found")
    if method == "POST" and len(parts) == 4:
        request = json.loads(body)
        words = request["statement"].replace("'", " ").split()
        disposition = "links" if request.get("disposition") == "EXTERNAL_LINKS" else words[1]
        return reply(connection, json.dumps({"statement_id": f"{disposition}-{words[2]}", "status": {"state": "PENDING"}}).encode())
    statement = parts[4]
    if len(parts) > 6:
        return chunk(connection, statement, int(parts[7]), host)
    facts = meta(statement.split("-", 1)[1])
    manifest = {"format": "JSON_ARRAY", "schema": {"column_count": len(facts["columns"]), "columns": facts["columns"]},
                "total_chunk_count": len(facts["chunks"]), "total_row_count": facts["rows"], "truncated": False,
                "total_byte_count": sum(c["byte_count"] for c in facts["chunks"]), "chunks": facts["chunks"]}
    chunk(connection, statement, 0, host, {"statement_id": statement, "status": {"state": "SUCCEEDED"}, "manifest": manifest})


def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    buffer = b""
    try:
        while True:
            while b"\r\n\r\n" not in buffer:
                piece = connection.recv(65536)
                if not piece:
                    return
                buffer += piece
            head, buffer = buffer.split(b"\r\n\r\n", 1)
            lines = head.decode().split("\r\n")
            method, path, _ = lines[0].split(" ", 2)
            headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
            length = int(headers.get("content-length", 0))
            while len(buffer) < length:
                buffer += connection.recv(65536)
            body, buffer = buffer[:length], buffer[length:]
            answer(connection, method, path, headers, body)
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
