import Databricks
import Glibc
import Results
import Text

/// Makes a request of what was typed after `.api`.
struct RawRequestReader {
    let call: Call
    let session: Session

    /// - Throws: `UsageError` for anything that does not fit together, `FileError`.
    func request(_ method: String, _ target: String) async throws -> RawRequest {
        var request = RawRequest(method, target)
        request.query = try call.values(APICommand.query).map { try pair($0, "=", APICommand.query) }
        request.headers = try call.values(APICommand.header).map { text in
            let (name, value) = try pair(text, ":", APICommand.header)
            return (name.trimmingBlanks(), value.trimmingBlanks())
        }
        request.body = try await body(request.headers)
        if method == "GET" || method == "HEAD", case .none = request.body {
        } else if method == "HEAD" {
            throw UsageError("a HEAD request has no body", call.spec)
        }
        request.timeout = try seconds(APICommand.timeout)
        request.retry = try retry()
        switch try type() {
        case .json, nil: break
        case .text: request.accept = "text/plain, */*"
        case .binary: request.accept = "*/*"
        }
        return request
    }

    /// How the reply is to be taken; nil leaves it to the reply.
    func type() throws -> ReplyType? {
        guard let text = call.value(APICommand.type) else { return nil }
        guard let type = ReplyType(rawValue: text.lowercased()) else {
            throw UsageError("--type is one of json, text, binary, not “\(text)”", call.spec)
        }
        return type
    }

    enum ReplyType: String {
        case json, text, binary
    }

    private func retry() throws -> RetryPolicy {
        let retries = try call.number(APICommand.retries)
        let isPointless = retries == nil
        for flag in [APICommand.retryDelay, APICommand.backoff, APICommand.retryAll] where isPointless && call.has(flag)
        {
            throw UsageError("\(flag.name) needs --retries N", call.spec)
        }
        return .wished(
            .init(
                retries: retries ?? 0, delay: .milliseconds(try call.number(APICommand.retryDelay) ?? 1000),
                isExponential: call.has(APICommand.backoff), afterAllErrors: call.has(APICommand.retryAll)))
    }

    private func seconds(_ flag: Flag) throws -> Duration? {
        guard let text = call.value(flag) else { return nil }
        guard let number = Double(text), number > 0, number < 1e7 else {
            throw UsageError("\(flag.name) needs a number of seconds, not “\(text)”", call.spec)
        }
        return .seconds(number)
    }

    // MARK: Body

    private func body(_ headers: [(name: String, value: String)]) async throws -> RawRequest.Body {
        let forms = try call.values(APICommand.form).map { try pair($0, "=", APICommand.form) }
        let files = try call.values(APICommand.file).map(part)
        if let data = call.value(APICommand.data) {
            guard forms.isEmpty, files.isEmpty else {
                throw UsageError("a body is either --data or a form, not both", call.spec)
            }
            return try await self.data(data, isTyped: headers.contains { $0.name.lowercased() == "content-type" })
        }
        if !files.isEmpty {
            return .multipart(forms.map { .init(name: $0.name, content: .bytes(Array($0.value.utf8))) } + files)
        }
        return forms.isEmpty ? .none : .form(forms)
    }

    /// Text is JSON unless a header says what else it is: a slip of the quotes should not reach the service.
    private func data(_ text: String, isTyped: Bool) async throws -> RawRequest.Body {
        guard text.hasPrefix("@") else {
            let bytes = Array(text.utf8)
            do { _ = try JSONValue.parse(bytes) } catch {
                if isTyped { return .bytes(bytes, type: "text/plain") }
                throw UsageError(
                    "the body is \(error)", hint: "a body of another kind needs -H 'Content-Type: …'")
            }
            return .bytes(bytes, type: "application/json")
        }
        let name = String(text.dropFirst())
        if name == "-" {
            let bytes = try await standardInput()
            let isJSON = (try? JSONValue.parse(bytes)) != nil
            return .bytes(bytes, type: isJSON ? "application/json" : "application/octet-stream")
        }
        let path = try readable(name)
        return .file(path: path, type: try isJSON(path) ? "application/json" : "application/octet-stream")
    }

    private func standardInput() async throws -> [UInt8] {
        let descriptor = session.environment.standardInput
        guard !session.environment.inputIsTerminal, !session.isInteractive else {
            throw UsageError("-d @- reads standard input, which is the terminal", hint: "name a file: -d @FILE")
        }
        let input = ScriptInput(descriptor: descriptor, interrupts: session.interrupts)
        var bytes: [UInt8] = []
        while let piece = try await input.next() { bytes += piece }
        return bytes
    }

    /// Whether a file is a JSON document; only small ones are looked at.
    private func isJSON(_ path: String) throws -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        var count = 0
        while count < bytes.count {
            let length = bytes.count - count
            let got = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + count, length) }
            if got < 0 { throw FileError(path: path, code: errno, action: "read") }
            if got == 0 { break }
            count += got
        }
        return count < bytes.count && (try? JSONValue.parse(bytes[..<count])) != nil
    }

    /// `NAME=@PATH[;filename=F][;type=T]`
    private func part(_ text: String) throws -> HTTPRequest.Part {
        let (name, value) = try pair(text, "=", APICommand.file)
        guard value.hasPrefix("@") else { throw UsageError("--file \(name)=@PATH needs the @", call.spec) }
        var pieces = value.dropFirst().split(separator: ";", omittingEmptySubsequences: false)[...]
        let path = try readable(String(pieces.removeFirst()))
        var part = HTTPRequest.Part(name: name, content: .file(path: path))
        part.filename = path.split(separator: "/").last.map(String.init)
        for piece in pieces {
            let (key, value) = try pair(String(piece), "=", APICommand.file)
            switch key {
            case "filename": part.filename = value
            case "type": part.contentType = value
            default: throw UsageError("--file knows filename and type, not “\(key)”", call.spec)
            }
        }
        return part
    }

    private func readable(_ name: String) throws -> String {
        let path = session.resolve(name)
        guard access(path, R_OK) == 0 else { throw FileError(path: name, code: errno) }
        return path
    }

    private func pair(_ text: String, _ separator: Character, _ flag: Flag) throws -> (name: String, value: String) {
        guard let at = text.firstIndex(of: separator), at > text.startIndex else {
            throw UsageError("\(flag.name) is written \(flag.value ?? ""), not “\(text)”", call.spec)
        }
        return (String(text[..<at]), String(text[text.index(after: at)...]))
    }
}
