import Glibc
import System
import Testing

@testable import LocalWorkspace

/// A client that sends exactly what it is told to: raw HTTP on a socket of its own, one connection per request.
struct TestClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        /// The body as JSON; null when it is not.
        var json: JSON { (try? JSON(parsing: body)) ?? .null }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let workspace: LocalWorkspace
    let port: UInt16

    init(_ workspace: LocalWorkspace) {
        self.workspace = workspace
        port = UInt16(workspace.url.split(separator: ":").last ?? "") ?? 0
    }

    /// Sends a request with the workspace's token.
    func send(
        _ method: String, _ target: String, _ body: JSON? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var all = ["Authorization": "Bearer \(workspace.token)"]
        if body != nil { all["Content-Type"] = "application/json" }
        return try await raw(
            method, target, body: body?.bytes ?? [], headers: all.merging(headers) { $1 }.filter { !$0.value.isEmpty })
    }

    /// Sends a request with these headers and no others but Host, Content-Length and Connection.
    func raw(
        _ method: String, _ target: String, body: [UInt8] = [], headers: [String: String] = [:]
    ) async throws -> Answer {
        var all = ["Host": "127.0.0.1:\(port)", "Content-Length": "\(body.count)", "Connection": "close"]
        all.merge(headers) { $1 }
        let head = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        let answer = try await exchange(Array("\(method) \(target) HTTP/1.1\r\n\(head)\r\n".utf8) + body)
        return try Self.parse(answer)
    }

    /// Sends bytes on a new connection and returns all that comes back until the server closes it.
    func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
        let port = port
        return try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: blocking one of the pool's would hold up the server under test.
            let isStarted = BlockingThread.start(named: "client") {
                continuation.resume(with: Result { try Self.blockingExchange(bytes, port) })
            }
            precondition(isStarted, "no thread can be started")
        }
    }

    private struct Failure: Error {
        let what: String
    }

    private static func blockingExchange(_ bytes: [UInt8], _ port: UInt16) throws -> [UInt8] {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { throw Failure(what: "connect: \(errno)") }
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count <= 0 { break }
            answer += piece[..<count]
        }
        return answer
    }

    private static func parse(_ answer: [UInt8]) throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = answer.indices.first(where: { answer[$0...].starts(with: separator) }) else {
            throw Failure(what: "no response: \(String(decoding: answer, as: UTF8.self))")
        }
        let lines = String(decoding: answer[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
        }
        return Answer(status: Int(words[1]) ?? 0, headers: headers, body: Array(answer[(end + 4)...]))
    }
}

extension TestClient {
    /// Asks again until `found` is satisfied, as every client does: the API tells of changes only to those who ask.
    /// The pause is for the machine's sake; the suites' time limits bound it.
    func poll(_ target: String, until found: (Answer) -> Bool) async throws -> Answer {
        while true {
            let answer = try await send("GET", target)
            if found(answer) { return answer }
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    var clusterTarget: String { "/api/2.1/clusters/get?cluster_id=\(workspace.clusterID)" }
    var warehouseTarget: String { "/api/2.0/sql/warehouses/\(workspace.warehouseID)" }

    func cluster(becomes state: String) async throws -> JSON {
        try await poll(clusterTarget) { $0.json["state"]?.string == state }.json
    }

    func warehouse(becomes state: String) async throws -> JSON {
        try await poll(warehouseTarget) { $0.json["state"]?.string == state }.json
    }

    /// Submits a statement, by default waiting for its end.
    func statement(_ sql: String, wait: String = "50s", _ more: KeyValuePairs<String, JSON> = [:]) async throws -> JSON
    {
        let body: JSON = [
            "warehouse_id": .string(workspace.warehouseID), "statement": .string(sql), "wait_timeout": .string(wait),
        ]
        let answer = try await send("POST", "/api/2.0/sql/statements", body.adding(more))
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json
    }

    func statement(_ id: String, becomes state: String) async throws -> JSON {
        try await poll("/api/2.0/sql/statements/\(id)") { $0.json["status"]?["state"]?.string == state }.json
    }

    /// Makes a context and waits until it runs.
    func context(_ language: String = "python") async throws -> String {
        let body: JSON = ["clusterId": .string(workspace.clusterID), "language": .string(language)]
        let answer = try await send("POST", "/api/1.2/contexts/create", body)
        let id = try #require(answer.json["id"]?.string, "\(answer.text)")
        _ = try await contextStatus(id, becomes: "Running")
        return id
    }

    func contextStatus(_ id: String, becomes status: String) async throws -> JSON {
        let target = "/api/1.2/contexts/status?clusterId=\(workspace.clusterID)&contextId=\(id)"
        return try await poll(target) { $0.json["status"]?.string == status }.json
    }

    /// Sends a command. Returns its id.
    func command(_ code: String, _ language: String = "python", in context: String) async throws -> String {
        let answer = try await send(
            "POST", "/api/1.2/commands/execute",
            [
                "clusterId": .string(workspace.clusterID), "contextId": .string(context),
                "language": .string(language), "command": .string(code),
            ])
        return try #require(answer.json["id"]?.string, "\(answer.text)")
    }

    func commandStatus(_ id: String, in context: String, becomes statuses: Set<String>) async throws -> JSON {
        let query = "clusterId=\(workspace.clusterID)&contextId=\(context)&commandId=\(id)"
        return try await poll("/api/1.2/commands/status?\(query)") {
            statuses.contains($0.json["status"]?.string ?? "")
        }.json
    }

    /// Runs a command to its end. Returns its results.
    func run(_ code: String, _ language: String = "python", in context: String) async throws -> JSON {
        let id = try await command(code, language, in: context)
        return try await commandStatus(id, in: context, becomes: ["Finished", "Cancelled"])["results"] ?? .null
    }

    func cancelCommand(_ id: String, in context: String) async throws -> Answer {
        try await send(
            "POST", "/api/1.2/commands/cancel",
            [
                "clusterId": .string(workspace.clusterID), "contextId": .string(context), "commandId": .string(id),
            ])
    }
}
