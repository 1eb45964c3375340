import Databricks
import Glibc
import Results
import System
import Text

/// Makes a request of what was typed after `.api`.
struct RawRequestReader {
    let call: Call
    let session: Session

    /// - Throws: `UsageError` for anything that does not fit together, `FileError`.
    func request(_ method: String, _ target: String) async throws -> RawRequest {
        var request = RawRequest(method, target)
        request.query = call[APICommand.query].map { ($0.name, $0.value) }
        request.headers = call[APICommand.header].map { ($0.name, $0.value) }
        request.body = try await body(request.headers)
        if method == "GET" || method == "HEAD", case .none = request.body {
        } else if method == "HEAD" {
            throw UsageError("a HEAD request has no body", call.spec)
        }
        request.timeout = call[APICommand.timeout]
        request.retry = try retry()
        switch call[APICommand.type] {
        case .json, nil: break
        case .text: request.accept = "text/plain, */*"
        case .binary: request.accept = "*/*"
        }
        return request
    }

    private func retry() throws -> RetryPolicy {
        let retries = call[APICommand.retries]
        let needing: [any AnyFlag] = [APICommand.retryDelay, APICommand.backoff, APICommand.retryAll]
        for flag in needing where retries == nil && call.has(flag) {
            throw UsageError("\(flag.name) needs --retries N", call.spec)
        }
        return .custom(
            .init(
                retries: retries ?? 0, delay: .milliseconds(call[APICommand.retryDelay] ?? 1000),
                isExponential: call[APICommand.backoff], afterAllErrors: call[APICommand.retryAll]))
    }

    // MARK: Body

    private func body(_ headers: [(name: String, value: String)]) async throws -> RawRequest.Body {
        let forms = call[APICommand.form].map { ($0.name, $0.value) }
        let files = try call[APICommand.file].map(part)
        if let data = call[APICommand.data] {
            guard forms.isEmpty, files.isEmpty else {
                throw UsageError("a body is either --data or a form, not both", call.spec)
            }
            return try await self.data(data, isTyped: headers.contains { $0.name.lowercased() == "content-type" })
        }
        if !files.isEmpty {
            return .multipart(forms.map { .init(name: $0.0, content: .bytes(Array($0.1.utf8))) } + files)
        }
        return forms.isEmpty ? .none : .form(forms)
    }

    /// Text is JSON unless a header says what else it is: a slip of the quotes should not reach the service.
    private func data(_ body: RawBody, isTyped: Bool) async throws -> RawRequest.Body {
        switch body {
        case .text(let text):
            let bytes = Array(text.utf8)
            do { _ = try JSONValue.parse(bytes) } catch {
                if isTyped { return .bytes(bytes, type: "text/plain") }
                throw UsageError(
                    "the body is \(error)", hint: "a body of another kind needs -H 'Content-Type: …'")
            }
            return .bytes(bytes, type: "application/json")
        case .standardInput:
            let bytes = try await standardInput()
            let isJSON = (try? JSONValue.parse(bytes)) != nil
            return .bytes(bytes, type: isJSON ? "application/json" : "application/octet-stream")
        case .file(let name):
            let path = try readable(name)
            return .file(path: path, type: try isJSON(path) ? "application/json" : "application/octet-stream")
        }
    }

    private func standardInput() async throws -> [UInt8] {
        let descriptor = session.environment.standardInput
        guard !session.environment.inputIsTerminal, !session.isInteractive else {
            throw UsageError("-d @- reads standard input, which is the terminal", hint: "name a file: -d @FILE")
        }
        let input = ScriptInput(descriptor: descriptor, in: session)
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

    private func part(_ file: FormFile) throws -> HTTPRequest.Part {
        let path = try readable(file.path)
        var part = HTTPRequest.Part(name: file.name, content: .file(path: path))
        part.filename = file.filename ?? path.split(separator: "/").last.map(String.init)
        if let type = file.type { part.contentType = type }
        return part
    }

    private func readable(_ name: String) throws -> String {
        let path = session.paths.resolve(name)
        guard access(path, R_OK) == 0 else { throw FileError(path: name, code: errno) }
        return path
    }
}

/// The body of a request as typed: `JSON`, `@FILE` or `@-`.
enum RawBody: ArgumentValue {
    case text(String)
    case file(String)
    case standardInput

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> RawBody {
        let text = try String.read(&words, label)
        guard text.hasPrefix("@") else { return .text(text) }
        return text == "@-" ? .standardInput : .file(String(text.dropFirst()))
    }
    static var candidates: CandidateSource { .none }
}

/// A file of a form as typed: `NAME=@PATH[;filename=F][;type=T]`.
struct FormFile: ArgumentValue {
    let name: String
    let path: String
    var filename: String?
    var type: String?

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> FormFile {
        let syntax = "NAME=@PATH[;filename=F][;type=T]"
        let pair = try NamedValue(try String.read(&words, label), "=", label, syntax)
        guard pair.value.hasPrefix("@") else { throw ArgumentFailure("\(label) \(pair.name)=@PATH needs the @") }
        var pieces = pair.value.dropFirst().split(separator: ";", omittingEmptySubsequences: false)[...]
        var file = FormFile(name: pair.name, path: String(pieces.removeFirst()))
        for piece in pieces {
            let option = try NamedValue(String(piece), "=", label, syntax)
            switch option.name {
            case "filename": file.filename = option.value
            case "type": file.type = option.value
            default: throw ArgumentFailure("\(label) knows filename and type, not “\(option.name)”")
            }
        }
        return file
    }
}

/// How a reply is to be taken.
enum ReplyType: String, WordChoice {
    case json, text, binary
}
