import Results

/// What a command that ended well has to show. Text comes from the server: data, to be made harmless before it is
/// shown.
package indirect enum CommandResult: Sendable {
    /// What was printed and echoed; empty when nothing was.
    case text(String, truncated: Bool)
    /// `displayHTML`, plots of plotly and the like.
    case html(String)
    /// SQL, and `display(df)`. Truncated at 10,000 rows or 2 MB.
    case table(columns: [Column], store: ResultStore, truncated: Bool)
    /// Pictures, with the text that came along.
    case images([ImageReference], text: String?)
    /// One after the other: tables and pictures, and what was printed before and after each.
    case several([CommandResult])

    /// A table, or a page that may have some.
    package var mayHoldRows: Bool {
        switch self {
        case .table, .html: true
        case .text, .images, .several: false
        }
    }
}

/// What a command ran: what its text means depends on it.
package struct CommandSource: Sendable {
    let language: Language
    let code: String

    package init(_ language: Language, _ code: String) {
        self.language = language
        self.code = code
    }

    /// The service does not mark HTML: what looks like it was made by something that shows HTML, or printed.
    var mayShowHTML: Bool {
        !isMagic && ["displayHTML", "display(", ".show("].contains { code.contains($0) }
    }

    /// A REPL numbers the values that it echoes. What code names `Out[` itself may print such a text.
    var mayEcho: Bool { language == .python && !isMagic && !code.contains("Out[") }

    private var isMagic: Bool { code.trimmingSpaces().hasPrefix("%") }
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

/// The end of a command, read from the API's results object (API/README.md).
package enum CommandOutcome: Sendable {
    case success(CommandResult)
    /// One line, the traceback when there is one, and what was printed and shown before, when the service tells.
    case failure(summary: String, cause: String?, output: CommandResult? = nil)
    /// Its context was shut down under it.
    case contextEnded(summary: String)
    /// The command was interrupted, by a cancel call or by the end of its context.
    case interrupted(summary: String, cause: String?)

    /// The outcome of a command that has ended; nil for one that has not.
    /// - Parameter source: what was run; nil when that is not known.
    package init?(_ status: CommandStatus, of source: CommandSource? = nil) {
        guard status.state.isFinal else { return nil }
        guard let results = status.results else {
            switch status.state {
            case .cancelled: self = .interrupted(summary: "the command was cancelled", cause: nil)
            case .error: self = .failure(summary: Self.noReason, cause: nil)
            default: self = .success(.text("", truncated: false))
            }
            return
        }
        self.init(results, source)
        guard case .success(let result) = self else { return }
        switch status.state {
        case .cancelled: self = .interrupted(summary: "the command was cancelled", cause: nil)
        case .error:
            // Whatever it calls its results, the state says that the command failed.
            var output: CommandResult?
            if case .text(let text, _) = result, !text.isEmpty { output = result }
            self = .failure(summary: Self.noReason, cause: nil, output: output)
        default: break
        }
    }

    private init(_ results: JSONValue, _ source: CommandSource?) {
        switch Self.type(of: results) {
        case "error": self = Self.error(results, source?.language)
        case _ where results["parts"] != nil: self = .success(.several(Self.parts(results)))
        case "table": self = .success(Self.withPrintedText(Self.table(results), results))
        case "html": self = .success(Self.withPrintedText(.html(Self.string(results)), results))
        case "image", "images": self = .success(Self.images(results, source))
        default: self = .success(Self.text(results, source))
        }
    }

    /// Where Python runs beside dbsh, a command that shows several things tells of them all, in order; the service knows one.
    private static func parts(_ results: JSONValue) -> [CommandResult] {
        results.elements("parts").compactMap { part in
            if part.isNull { return table(results) }
            guard case .success(let result) = CommandOutcome(part, nil) else { return nil }
            return result
        }
    }

    /// The local workspace tells what was printed before and after.
    private static func withPrintedText(_ result: CommandResult, _ results: JSONValue) -> CommandResult {
        let before = results.string("text").map { [CommandResult.text($0, truncated: false)] } ?? []
        let after = results.string("textAfter").map { [CommandResult.text($0, truncated: false)] } ?? []
        return before.isEmpty && after.isEmpty ? result : .several(before + [result] + after)
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

    private static func images(_ results: JSONValue, _ source: CommandSource?) -> CommandResult {
        let names = results.elements("fileNames").compactMap(\.text) + [results.string("fileName")].compactMap { $0 }
        let text = results["data"]?.text.flatMap { $0.isEmpty ? nil : echoed($0, source) }
        return .images(names.map(ImageReference.init), text: text)
    }

    /// Text, HTML in the guise of text, and every type that is not known (yet).
    private static func text(_ results: JSONValue, _ source: CommandSource?) -> CommandResult {
        let text = string(results)
        if HTMLText.isAnsiOutput(text) { return .text(HTMLText.plain(text), truncated: isTruncated(results)) }
        if source?.mayShowHTML != false, HTMLText.isHTML(text) { return .html(text) }
        // The service's own mark, in a text that is cut in its middle or at its end.
        let isCut = text.contains("*** WARNING: max output size exceeded, skipping output. ***")
        return .text(echoed(text, source), truncated: isTruncated(results) || isCut)
    }

    private static func string(_ results: JSONValue) -> String {
        let data = results["data"] ?? .null
        return data.isNull ? "" : data.text ?? data.serialized()
    }

    private static func echoed(_ text: String, _ source: CommandSource?) -> String {
        source?.mayEcho != false ? EchoText.withoutPrompt(text) : text
    }

    private static let noReason = "the service could not run the command, and does not say why"

    private static func error(_ results: JSONValue, _ language: Language?) -> CommandOutcome {
        // Python's summaries are HTML; those of SQL are plain text, whose `<` and `&` mean themselves.
        let summary = results.string("summary").map { language == .sql ? $0 : HTMLText.message($0) }
        let cause = results.string("cause")
        let data = results.string("data")
        // The order of the official SDKs; one line of each.
        let line = summary ?? errorLine(of: cause) ?? errorLine(of: data) ?? "the command failed, and does not say why"
        let interrupted = [summary, cause].contains { $0?.contains(cancelledException) == true }
        if interrupted, cause?.contains("ExecContextState") == true, cause?.contains("shutdown") == true {
            return .contextEnded(summary: line)
        }
        if interrupted { return .interrupted(summary: line, cause: cause ?? data) }
        // Beside a cause, data can only be the output; a service that repeats the cause there has printed nothing.
        let printed = cause == nil || data == cause || data == summary ? nil : data
        let output =
            results["parts"] == nil
            ? printed.map { CommandResult.text($0, truncated: false) } : .several(parts(results))
        return .failure(summary: line, cause: cause ?? data, output: output)
    }

    /// What an interrupted command raises on the JVM, whether a cancel call or the end of its context interrupted it.
    private static let cancelledException = "com.databricks.backend.common.rpc.CommandCancelledException"

    /// Python's tracebacks end with the error itself; a stack of the JVM begins with it.
    private static func errorLine(of text: String?) -> String? {
        let lines = text?.split(whereSeparator: \.isNewline).map { EchoText.withoutColours($0).trimmingSpaces() }
            .filter { !$0.isEmpty }
        let isStack = lines?.contains { $0.prefixMatch(of: /at [\w.$\/<>]+\(/) != nil } == true
        return isStack ? lines?.first : lines?.last
    }
}
