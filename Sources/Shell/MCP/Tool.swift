import Databricks
import Results
import Text

/// A tool that clients may call: what it takes, and the cell that it is.
struct Tool {
    /// One of its arguments.
    struct Parameter {
        enum Kind: String { case string, integer, boolean, object }

        let name: String
        let kind: Kind
        let help: String
        var isRequired = false
        var values: [String] = []

        init(_ name: String, _ kind: Kind, _ help: String, isRequired: Bool = false, values: [String] = []) {
            self.name = name
            self.kind = kind
            self.help = help
            self.isRequired = isRequired
            self.values = values
        }
    }

    let name: String
    let help: String
    var parameters: [Parameter] = []
    /// It may change the workspace, where the server allows that.
    var mayWrite = false
    /// The cell that a call is.
    let cell: @MainActor (ToolArguments) throws -> Cell

    static let all = [
        Tool(
            name: "run_cell",
            help: """
                Run one cell in the session and return its result: one SQL statement on the warehouse, or Python, Scala or R on \
                the cluster. Variables, temporary views and USE last from call to call.
                """,
            parameters: [
                Parameter("code", .string, "one SQL statement, or code", isRequired: true),
                Parameter("language", .string, "default sql", values: Language.allCases.map(\.rawValue)),
                Parameter("parameters", .object, "values for :name in SQL: text, numbers, true, false or null"),
                Parameter("max_rows", .integer, "rows of the result at most"),
                Parameter("background", .boolean, "return the id at once; list_jobs, job_result and cancel follow it"),
            ], mayWrite: true, cell: code),
        command("list_catalogs", "List the catalogs.", "catalogs"),
        command(
            "list_schemas", "List the schemas of a catalog.", "schemas",
            [Parameter("catalog", .string, "default: the current one")]),
        command(
            "list_tables", "List tables and views of a schema.", "tables",
            [Parameter("pattern", .string, "name with * for any characters; catalog.schema.* for another schema")]),
        command(
            "describe_table", "List the columns of a table or view with their types and comments.", "describe",
            [Parameter("name", .string, "table, schema.table or catalog.schema.table", isRequired: true)]),
        command("list_warehouses", "List the SQL warehouses and their states.", "warehouses"),
        command("list_clusters", "List the clusters and their states.", "clusters"),
        command("status", "Say what the session is connected to, and whether it is read-only.", "status"),
        command("list_jobs", "List what this session runs in the background.", "jobs"),
        command(
            "job_result", "Wait for a background job and return its result.", "result",
            [Parameter("job", .integer, "its number; default: the newest")]),
        Tool(
            name: "cancel", help: "Cancel a background job of this session, or any statement by its id.",
            parameters: [
                Parameter("job", .integer, "a job's number; default: the one that runs"),
                Parameter("statement", .string, "a statement's id"),
            ], mayWrite: true,
            cell: { arguments in
                if let id = try arguments.text("statement") { return meta("statement", [id, "--cancel"]) }
                return meta("cancel", try arguments.number("job").map { [String($0)] } ?? [])
            }),
    ]

    /// A tool that is a command of dbsh, with its arguments in order.
    private static func command(
        _ name: String, _ help: String, _ command: String, _ parameters: [Parameter] = []
    ) -> Tool {
        Tool(name: name, help: help, parameters: parameters) { arguments in
            let words = try parameters.compactMap { parameter in
                switch parameter.kind {
                case .integer: try arguments.number(parameter.name).map(String.init)
                default: try arguments.text(parameter.name)
                }
            }
            return meta(command, words.isEmpty ? [] : ["--"] + words)
        }
    }

    /// A command's line, in which every word is only itself.
    private static func meta(_ name: String, _ words: [String]) -> Cell {
        let line = ([".\(name)"] + words.map(Words.quote)).joined(separator: " ")
        return Cell(.meta(line), start: .init(line: 1, column: 1))
    }

    private static func code(_ arguments: ToolArguments) throws -> Cell {
        guard let code = try arguments.text("code"), !code.trimmingBlanks().isEmpty else {
            throw UsageError("code is missing")
        }
        let name = try arguments.text("language") ?? "sql"
        guard let language = Language(name: name) else { throw UsageError("“\(name)” is no language") }
        let ending: Cell.Ending = try arguments.flag("background") ? .background : .semicolon
        let text = language == .sql ? try statement(code) : code
        return Cell(.code(language, text), ending: ending, start: .init(line: 1, column: 1))
    }

    /// The text of one statement, without what ends it: never a command of dbsh.
    private static func statement(_ code: String) throws -> String {
        var reader = CellReader(language: .sql, rules: .statements)
        reader.append(Array(code.utf8))
        reader.finish()
        guard case .code(.sql, let text)? = reader.next()?.content else {
            throw UsageError("this is no SQL statement")
        }
        guard reader.next() == nil else {
            throw UsageError("run_cell takes one statement", hint: "make a call for each")
        }
        return text
    }

    var json: JSONValue {
        let properties = parameters.map { parameter in
            var members: [JSONValue.Member] = [
                .init("type", .string(parameter.kind.rawValue)), .init("description", .string(parameter.help)),
            ]
            if !parameter.values.isEmpty {
                members.append(.init("enum", .array(parameter.values.map(JSONValue.string))))
            }
            return JSONValue.Member(parameter.name, .object(members))
        }
        let required = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object([
            .init("name", .string(name)), .init("description", .string(help)),
            .init(
                "inputSchema",
                .object([
                    .init("type", .string("object")), .init("properties", .object(properties)),
                    .init("required", .array(required)), .init("additionalProperties", .bool(false)),
                ])),
            .init(
                "annotations",
                .object([.init("readOnlyHint", .bool(!mayWrite)), .init("openWorldHint", .bool(true))])),
        ])
    }
}

/// The arguments of a call, by name.
struct ToolArguments {
    let json: JSONValue

    /// - Throws: `UsageError` for one that the tool does not take.
    init(_ json: JSONValue, of tool: Tool) throws {
        self.json = json
        guard let members = json.members else { throw UsageError("the arguments are no object") }
        for member in members where !tool.parameters.contains(where: { $0.name == member.key }) {
            throw UsageError(
                "\(tool.name) has no argument \(member.key)",
                hint: tool.parameters.isEmpty
                    ? "it takes none" : "it takes \(tool.parameters.map(\.name).joined(separator: ", "))")
        }
        for parameter in tool.parameters where parameter.isRequired && (json[parameter.name]?.isNull ?? true) {
            throw UsageError("\(parameter.name) is missing")
        }
    }

    private func value(_ name: String) -> JSONValue? { json[name].flatMap { $0.isNull ? nil : $0 } }

    func text(_ name: String) throws -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.text else { throw UsageError("\(name) is a text") }
        return text
    }

    func number(_ name: String) throws -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.double.flatMap({ Int(exactly: $0) }), number > 0 else {
            throw UsageError("\(name) is a whole number above 0")
        }
        return number
    }

    func flag(_ name: String) throws -> Bool {
        guard let value = value(name) else { return false }
        guard let flag = value.bool else { throw UsageError("\(name) is true or false") }
        return flag
    }

    func object(_ name: String) throws -> [JSONValue.Member] {
        guard let value = value(name) else { return [] }
        guard let members = value.members else { throw UsageError("\(name) is an object") }
        return members
    }
}
