import Databricks
import Results
import Text

/// `.param` — set a parameter.
struct ParamCommand: MetaCommand {
    let definition = Argument<[String]>("NAME [TYPE] = VALUE")
    let isNull = Flag("--null", "the value is NULL: .param NAME [TYPE] --null")

    var spec: CommandSpec {
        CommandSpec(
            "param", in: .warehouses, "set a parameter for SQL statements, used as :NAME", takes: [definition],
            flags: [isNull],
            details: """
                The value is sent separately from the statement, with its SQL type (default STRING); it is never pasted into
                the text. In commands it is ${NAME}, in Python dbsh_params["NAME"].
                """,
            examples: [
                .init(".param day DATE = 2024-05-17", "where day = :day"),
                .init(".param name = \"O'Brien\"", "a STRING"),
                .init(".param most DECIMAL(10,2) --null", "a NULL of that type"),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.parameters.set(try parameter(call))
    }

    private func parameter(_ call: Call) throws -> StatementRequest.Parameter {
        let text = call[definition].joined(separator: " ")
        let equals = text.firstIndex(of: "=")
        guard (equals == nil) == call[isNull] else {
            throw UsageError(equals == nil ? "= VALUE is missing" : "a NULL has no value", spec)
        }
        let left = text[..<(equals ?? text.endIndex)].split(separator: " ", maxSplits: 1)
        guard let name = left.first else { throw UsageError("NAME is missing", spec) }
        let type = left.count > 1 ? String(left[1]).trimmingBlanks().uppercased() : nil
        var value = equals.map { text[text.index(after: $0)...] }
        if value?.first == " " { value?.removeFirst() }
        return .init(name: String(name), type: type, value: value.map(String.init))
    }
}

/// `.params` — list the parameters.
struct ParamsCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "params", in: .warehouses, "list the parameters",
            examples: [.init(".params", "their names, types and values")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.presenter.show(
            [.text("name"), .text("type"), .text("value")],
            rows: session.parameters.all.map { [$0.name, $0.type ?? "STRING", $0.value] })
    }
}

/// `.unparam` — forget parameters.
struct UnparamCommand: MetaCommand {
    let names = Argument<[String]>("NAME", from: .parameters)
    let all = Flag("--all", "remove all parameters")

    var spec: CommandSpec {
        CommandSpec(
            "unparam", in: .warehouses, "remove parameters", takes: [names], flags: [all],
            examples: [
                .init(".unparam day", "remove one", runs: false), .init(".unparam --all", "remove all"),
            ], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[all] { return session.parameters.removeAll() }
        let names = call[names]
        if names.isEmpty { throw UsageError("NAME is missing", spec) }
        for name in names {
            guard session.parameters.remove(name) else {
                let known = session.parameters.all.map(\.name)
                throw UsageError(
                    "there is no parameter \(name)",
                    hint: known.isEmpty ? "none is set" : "there are: \(known.joined(separator: ", "))")
            }
        }
    }
}
