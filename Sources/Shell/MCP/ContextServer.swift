import Databricks
import Results
import Terminal

/// Serves the Model Context Protocol on two descriptors: each call of a tool is a cell of the one session, one after another.
final class ContextServer {
    /// Revisions of the protocol that begin with `initialize`; the last one is offered to whoever knows none of them.
    private static let versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]

    private let runner: ToolRunner
    private let output: BufferedOutput
    private var calls: [String: Task<Void, Never>] = [:]
    private var last: Task<Void, Never>?

    init(_ runner: ToolRunner, output: Int32) {
        self.runner = runner
        self.output = BufferedOutput(fileDescriptor: output)
    }

    /// Answers until the input ends, or a signal ends the program. What runs then is cancelled.
    /// - Throws: `DescriptorReader.ReadError`.
    func serve(_ input: Int32, _ interrupts: Interrupts) async throws {
        let reader = DescriptorReader(descriptor: input)
        var pending: [UInt8] = []
        do {
            while let chunk = try await interrupts.cancelling({ try await reader.next() }) {
                pending += chunk
                while let end = pending.firstIndex(of: 0x0A) {
                    let line = Array(pending[..<end])
                    pending.removeSubrange(...end)
                    if line.contains(where: { $0 > 0x20 }) { receive(line) }
                }
            }
        } catch is CancellationError {}
        for call in calls.values { call.cancel() }
        await last?.value
    }

    private func receive(_ line: [UInt8]) {
        do throws(RPCMessage.Failure) {
            guard let message = try RPCMessage(line: line) else { return }
            guard let id = message.id else { return notified(message) }
            do throws(RPCMessage.Failure) {
                if message.method == "tools/call" { return try call(id, message.parameters) }
                send(RPCMessage.answer(id, try result(of: message)))
            } catch { send(RPCMessage.answer(id, error)) }
        } catch { send(RPCMessage.answer(nil, error)) }
    }

    private func result(of message: RPCMessage) throws(RPCMessage.Failure) -> JSONValue {
        switch message.method {
        case "initialize": return hello(message.parameters["protocolVersion"]?.text)
        case "ping": return .object([])
        case "tools/list": return .object([.init("tools", .array(Tool.all.map(\.json)))])
        default: throw .init(code: .methodNotFound, message: "there is no method \(message.method)")
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
            throw .init(code: .invalidParameters, message: "there is no tool \(parameters["name"]?.text ?? "")")
        }
        let arguments = parameters["arguments"] ?? .object([])
        let before = last
        let key = id.serialized()
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
        // A client that has gone closes our input too.
        try? text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
        try? output.flush()
    }
}
