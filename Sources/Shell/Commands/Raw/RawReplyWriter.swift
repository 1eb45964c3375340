import Databricks
import Results
import System
import Text

/// Makes the request of `.api` and shows its reply: JSON with indentation or as a table, text, or bytes in a file.
struct RawReplyWriter {
    let call: Call
    let session: Session
    let client: Client

    func run(_ request: RawRequest) async throws {
        let showsTable = call.has(APICommand.table)
        let followsPages = call[APICommand.all]
        if followsPages, request.method != "GET" { throw UsageError("--all needs a GET request", call.spec) }
        if let path = call[APICommand.output]?.path, !showsTable, !followsPages {
            return try await download(request, to: path)
        }
        let type = call[APICommand.type]
        let response = try await session.console.waiting(for: "\(request.method) \(request.target)") {
            followsPages ? nil : try await client.send(request)
        }
        if let response, request.method == "HEAD" {
            // A reply without a body is its headers.
            return try session.presenter.show(
                [.text("header"), .text("value")], rows: response.head.headers.map { [$0.name, $0.value] })
        }
        let json: JSONValue
        if let response {
            if type == .text || type == .binary, !showsTable { return try write(response.body, isText: type == .text) }
            guard let parsed = try? JSONValue.parse(response.body) else {
                if response.body.isEmpty { return }
                if type == .json || showsTable { throw notJSON(response, request) }
                return try write(response.body, isText: Self.isText(response))
            }
            json = parsed
        } else {
            json = try await pages(request)
        }
        try show(json)
    }

    private func show(_ json: JSONValue) throws {
        if let table = call[APICommand.table] {
            return try JSONTable(json, at: table ?? "").show(session.presenter)
        }
        let text = json.serialized(.pretty)
        if let path = call[APICommand.output]?.path {
            let file = try AtomicFile(session.paths.resolve(path), shown: path)
            try Array((text + "\n").utf8).withUnsafeBytes { try file.write($0) }
            return try file.commit()
        }
        try session.console.result(text: text)
    }

    // MARK: Pages

    /// Every page of a list as one reply: arrays of the same name joined, the page tokens left out.
    private func pages(_ request: RawRequest) async throws -> JSONValue {
        var request = request
        let query = request.query.filter { $0.name != "page_token" }
        var joined: [JSONValue.Member] = []
        var token: String?
        repeat {
            let page = try await session.console.waiting(for: "GET \(request.target)") { [request] in
                try await client.send(request)
            }
            guard let json = try? JSONValue.parse(page.body), let members = json.members else {
                throw notJSON(page, request)
            }
            for member in members where !["next_page_token", "prev_page_token"].contains(member.key) {
                let at = joined.firstIndex { $0.key == member.key }
                if let at, let before = joined[at].value.elements, let more = member.value.elements {
                    joined[at] = .init(member.key, .array(before + more))
                } else if at == nil {
                    joined.append(member)
                }
            }
            let next = json["next_page_token"]?.text.flatMap { $0.isEmpty ? nil : $0 }
            token = next == token ? nil : next
            request.query = query + (token.map { [("page_token", $0)] } ?? [])
        } while token != nil
        return .object(joined)
    }

    // MARK: Bytes

    /// Writes the body to a file as it comes, whatever its size.
    private func download(_ request: RawRequest, to path: String) async throws {
        let resolved = session.paths.resolve(path)
        let client = client
        let count = try await session.console.waiting(for: "\(request.method) \(request.target)") {
            try await client.stream(request) { stream in
                // Opened when the reply is known to be one: a refusal leaves a file of that name alone.
                let file = try AtomicFile(resolved, shown: path)
                var count = 0
                for try await piece in stream.body {
                    try piece.withUnsafeBytes { try file.write($0) }
                    count += piece.count
                }
                try file.commit()
                return count
            }
        }
        session.console.say("\(Quantity.grouped(count)) bytes written to \(path)")
    }

    private func write(_ bytes: [UInt8], isText: Bool) throws {
        if isText { return try session.console.result(text: String(decoding: bytes, as: UTF8.self)) }
        guard !session.console.resultsReachTerminal else {
            throw UsageError(
                "the reply is binary (\(Quantity.grouped(bytes.count)) bytes) and would spoil the terminal",
                hint: "write it to a file with -o FILE, or see it anyway with --type text")
        }
        try bytes.withUnsafeBytes { try session.console.results.write($0) }
        try session.console.results.flush()
    }

    private static func isText(_ response: HTTPResponse) -> Bool {
        let type = response.head["content-type"]?.lowercased() ?? ""
        let isNamed = ["text/", "json", "xml", "csv", "javascript", "yaml", "x-www-form"].contains { type.contains($0) }
        let isUTF8 = String(validating: response.body, as: UTF8.self) != nil
        return isUTF8 && (isNamed || !response.body.contains(0))
    }

    private func notJSON(_ response: HTTPResponse, _ request: RawRequest) -> APIError {
        APIError(
            status: response.head.status, code: APIError.notJSON, message: "the reply is not JSON",
            requestID: response.head.requestID, method: request.method, path: request.target)
    }
}
