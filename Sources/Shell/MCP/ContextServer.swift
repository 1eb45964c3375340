import Databricks
import Results
import Terminal

/// Serves the Model Context Protocol on two descriptors: each call of a tool is a cell of the one session, one after another.
final class ContextServer {
    /// Revisions of the protocol that begin with `initialize`; the last one is offered to whoever knows none of them.
    private static let versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
    /// Bytes of one message; code of that length is no cell.
    private static let longestLine = 32 << 20

    private let runner: ToolRunner
    private let output: BufferedOutput
    private var calls: [String: Task<Void, Never>] = [:]
    private var last: Task<Void, Never>?
    private var clientHasGone = false

    init(_ runner: ToolRunner, output: Int32) {
        self.runner = runner
        self.output = BufferedOutput(fileDescriptor: output)
    }

    /// Answers until the input ends, nobody reads the answers, or a signal ends the program. What runs then is cancelled.
    /// - Throws: `DescriptorReader.ReadError`.
    func serve(_ input: Int32, _ interrupts: Interrupts) async throws {
        let reader = DescriptorReader(descriptor: input)
        var line: [UInt8] = []
        do {
            while !clientHasGone, let chunk = try await interrupts.cancelling({ try await reader.next() }) {
                var rest = chunk[...]
                while let end = rest.firstIndex(of: 0x0A) {
                    append(rest[..<end], to: &line)
                    receive(line)
                    line = []
                    rest = rest[(end + 1)...]
                }
                append(rest, to: &line)
            }
            receive(line)
        } catch is CancellationError {}
        for call in calls.values { call.cancel() }
        await last?.value
    }

    /// One byte more than is allowed stays, so that the line is known to be too long.
    private func append(_ bytes: ArraySlice<UInt8>, to line: inout [UInt8]) {
        line += bytes.prefix(Self.longestLine + 1 - line.count)
    }

    private func receive(_ line: [UInt8]) {
        guard line.contains(where: { $0 > 0x20 }) else { return }
        do throws(RPCMessage.Failure) {
            guard line.count <= Self.longestLine else {
                throw .init(code: .invalidRequest, message: "a message has \(Self.longestLine) bytes at most")
            }
            for part in try RPCMessage.parts(ofLine: line) { receive(part) }
        } catch { send(RPCMessage.answer(error)) }
    }

    private func receive(_ json: JSONValue) {
        do throws(RPCMessage.Failure) {
            guard let message = try RPCMessage(json) else { return }
            guard let id = message.id else { return notified(message) }
            if message.method == "tools/call" { return try call(id, message.parameters) }
            send(RPCMessage.answer(id, try result(of: message, id)))
        } catch { send(RPCMessage.answer(error)) }
    }

    private func result(of message: RPCMessage, _ id: JSONValue) throws(RPCMessage.Failure) -> JSONValue {
        switch message.method {
        case "initialize": return hello(message.parameters["protocolVersion"]?.text)
        case "ping": return .object([])
        case "tools/list": return .object([.init("tools", .array(Tool.all.map(\.json)))])
        default: throw .init(code: .methodNotFound, message: "there is no method \(message.method)", id: id)
        }
    }

    private func hello(_ version: String?) -> JSONValue {
        let known = version.flatMap { Self.versions.contains($0) ? $0 : nil } ?? Self.versions[Self.versions.count - 1]
        return .object([
            .init("protocolVersion", .string(known)),
            .init("capabilities", .object([.init("tools", .object([.init("listChanged", .bool(false))]))])),
            .init(
                "serverInfo",
                .object([
                    .init("name", .string("dbsh")), .init("title", .string("dbsh, the shell for Databricks")),
                    .init("version", .string(Version.number)),
                ])), .init("instructions", .string(runner.instructions)),
        ])
    }

    private func notified(_ message: RPCMessage) {
        guard message.method == "notifications/cancelled", let id = message.parameters["requestId"] else { return }
        calls[id.serialized()]?.cancel()
    }

    /// Starts a call behind those that are under way: a session runs one cell at a time.
    private func call(_ id: JSONValue, _ parameters: JSONValue) throws(RPCMessage.Failure) {
        guard let name = parameters["name"]?.text, let tool = Tool.all.first(where: { $0.name == name }) else {
            throw .init(
                code: .invalidParameters, message: "there is no tool \(parameters["name"]?.text ?? "")", id: id)
        }
        let arguments = parameters["arguments"] ?? .object([])
        let before = last
        let key = id.serialized()
        guard calls[key] == nil else {
            throw .init(code: .invalidRequest, message: "the call \(key) is under way", id: id)
        }
        let task = Task {
            await before?.value
            let result = Task.isCancelled ? nil : await runner.run(tool, arguments)
            calls[key] = nil
            // A call that was cancelled is not answered.
            if let result, !Task.isCancelled { send(RPCMessage.answer(id, result)) }
        }
        calls[key] = task
        last = task
    }

    private func send(_ message: JSONValue) {
        var text = message.serialized(sanitize: true) + "\n"
        do {
            try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
            try output.flush()
        } catch { clientHasGone = true }
    }
}
