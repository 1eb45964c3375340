import Results

/// What a command that ended well has to show. Text comes from the server: data, to be made harmless before it is
/// shown.
package enum CommandResult: Sendable {
    /// What was printed and echoed; empty when nothing was.
    case text(String, truncated: Bool)
    /// `displayHTML`, plots of plotly and the like.
    case html(String)
    /// SQL, and `display(df)`. Truncated at 10,000 rows or 2 MB.
    case table(columns: [Column], store: ResultStore, truncated: Bool)
    /// Pictures, with the text that came along.
    case images([ImageReference], text: String?)
}

/// A picture in a result.
package enum ImageReference: Sendable, Equatable {
    /// `data:image/png;base64,…`: the picture itself.
    case data(mediaType: String, base64: String)
    /// Path in the workspace's FileStore, such as `/plots/<uuid>.png`: `dbfs:/FileStore` + path.
    case file(path: String)

    /// Reads the API's form, a data URL or a path.
    package init(_ text: String) {
        let head = text.prefix { $0 != "," }
        if head.hasPrefix("data:"), head.hasSuffix(";base64"), head.endIndex < text.endIndex {
            let type = head.dropFirst("data:".count).dropLast(";base64".count).prefix { $0 != ";" }
            self = .data(
                mediaType: type.isEmpty ? "image/png" : String(type),
                base64: String(text[text.index(after: head.endIndex)...]))
        } else {
            self = .file(path: text)
        }
    }
}

/// The end of a command, read from the API's results object (api-contract §1.3).
package enum CommandOutcome: Sendable {
    case success(CommandResult)
    /// One line, the traceback when there is one, and what was printed before, when the service tells.
    case failure(summary: String, cause: String?, output: String? = nil)
    /// The command was interrupted, by a cancel call or by the end of its context.
    case interrupted(summary: String, cause: String?)

    /// The outcome of a command that has ended; nil for one that has not.
    package init?(_ status: CommandStatus) {
        guard status.state.isFinal else { return nil }
        guard let results = status.results else {
            switch status.state {
            case .cancelled: self = .interrupted(summary: "the command was cancelled", cause: nil)
            case .error: self = .failure(summary: "the service could not run the command", cause: nil)
            default: self = .success(.text("", truncated: false))
            }
            return
        }
        self.init(results)
        if status.state == .cancelled, case .success = self {
            self = .interrupted(summary: "the command was cancelled", cause: nil)
        }
    }

    private init(_ results: JSONValue) {
        switch Self.type(of: results) {
        case "error": self = Self.error(results)
        case "table": self = .success(Self.table(results))
        case "image", "images": self = .success(Self.images(results))
        default: self = .success(Self.text(results))
        }
    }

    /// `text`, or `TEXT_RESULT` as newer documents spell it.
    private static func type(of results: JSONValue) -> String {
        let type = (results.string("resultType") ?? "text").lowercased()
        return type.hasSuffix("_result") ? String(type.dropLast("_result".count)) : type
    }

    private static func isTruncated(_ results: JSONValue) -> Bool {
        results["truncated"] == .bool(true)
    }

    private static func table(_ results: JSONValue) -> CommandResult {
        let decoded = CommandTable.decode(
            schema: results["schema"], data: results["data"], isJSONSchema: results["isJsonSchema"] == .bool(true))
        return .table(columns: decoded.columns, store: decoded.store, truncated: isTruncated(results))
    }

    private static func images(_ results: JSONValue) -> CommandResult {
        let names = results.elements("fileNames").compactMap(\.text) + [results.string("fileName")].compactMap { $0 }
        let text = results["data"]?.text.flatMap { $0.isEmpty ? nil : EchoText.withoutPrompts($0) }
        return .images(names.map(ImageReference.init), text: text)
    }

    /// Text, HTML in the guise of text, and every type that is not known (yet).
    private static func text(_ results: JSONValue) -> CommandResult {
        let data = results["data"] ?? .null
        let text = data.isNull ? "" : data.text ?? data.serialized()
        if type(of: results) == "html" || HTMLText.isHTML(text) { return .html(text) }
        return .text(EchoText.withoutPrompts(text), truncated: isTruncated(results))
    }

    private static func error(_ results: JSONValue) -> CommandOutcome {
        let summary = results.string("summary").map(HTMLText.plain)
        let cause = results.string("cause")
        let data = results.string("data")
        // The order of the official SDKs; one line of each.
        let line = summary ?? lastLine(of: cause) ?? lastLine(of: data) ?? "the command failed, and does not say why"
        let interrupted = [summary, cause].contains { $0?.contains(cancelledException) == true }
        if interrupted { return .interrupted(summary: line, cause: cause ?? data) }
        // Beside a cause, data can only be the output; a service that repeats the cause there has printed nothing.
        let output = cause == nil || data == cause || data == summary ? nil : data
        return .failure(summary: line, cause: cause ?? data, output: output)
    }

    /// What an interrupted command raises on the JVM, whether a cancel call or the end of its context interrupted it.
    private static let cancelledException = "com.databricks.backend.common.rpc.CommandCancelledException"

    /// Tracebacks end with the error itself.
    private static func lastLine(of text: String?) -> String? {
        let lines = text?.split(whereSeparator: \.isNewline).map { EchoText.withoutColours($0).trimmingSpaces() }
        return lines?.last { !$0.isEmpty }
    }
}
