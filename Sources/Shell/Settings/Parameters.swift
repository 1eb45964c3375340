import Databricks
import FoundationEssentials
import Glibc
import Results
import SQL
import Text

/// The parameters of a session: sent with every SQL statement as typed values for `:name`, readable in meta commands as
/// `${name}` and in Python as `dbsh_params`. Never put into the text of code.
struct Parameters {
    private(set) var all: [StatementRequest.Parameter] = []

    subscript(_ name: String) -> StatementRequest.Parameter? { all.last { $0.name == name } }

    /// - Throws: `UsageError` for a name that cannot stand behind a `:`, and for a value that its type does not have.
    mutating func set(_ parameter: StatementRequest.Parameter) throws {
        guard Self.isName(parameter.name) else {
            throw UsageError(
                "“\(parameter.name)” is no name for a parameter", hint: "letters, digits and _, not a digit first")
        }
        if let value = parameter.value, let type = parameter.type {
            do { try ParameterValue.check(value, of: type) } catch let error as UsageError {
                throw UsageError(":\(parameter.name): \(error.message)", hint: error.hint)
            }
        }
        if let index = all.firstIndex(where: { $0.name == parameter.name }) {
            all[index] = parameter
        } else {
            all.append(parameter)
        }
    }

    /// Whether there was one of that name.
    @discardableResult
    mutating func remove(_ name: String) -> Bool {
        let before = all.count
        all.removeAll { $0.name == name }
        return all.count < before
    }

    mutating func removeAll() { all = [] }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first.isLetter || first == UInt8(ascii: "_") else { return false }
        return name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    /// Those that a statement names.
    func named(in statement: String) -> [StatementRequest.Parameter] {
        if all.isEmpty { return [] }
        let names = Set(SQLText(statement).parameterNames.map { $0.lowercased() })
        return all.filter { names.contains($0.name.lowercased()) }
    }

    /// The values as one JSON object, numbers and booleans as such.
    var json: JSONValue {
        .object(all.map { JSONValue.Member($0.name, Self.json($0)) })
    }

    private static func json(_ parameter: StatementRequest.Parameter) -> JSONValue {
        guard let value = parameter.value else { return .null }
        switch (parameter.type ?? "STRING").uppercased() {
        case "INT", "INTEGER", "BIGINT", "LONG", "SMALLINT", "SHORT", "TINYINT", "BYTE":
            return Int(value).map { .number(String($0)) } ?? .string(value)
        case "DOUBLE", "FLOAT", "REAL":
            guard let number = Double(value), number.isFinite else { return .string(value) }
            return .number("\(number)")
        case "BOOLEAN":
            switch value.lowercased() {
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: return .string(value)
            }
        default: return .string(value)
        }
    }

    /// Reads `--param-file`: one object of names and values. A value is text, a number, true, false, null, or an object
    /// `{"type": "DATE", "value": "2024-05-17"}`.
    /// - Throws: `UsageError` that names the file and what is wrong.
    static func read(file path: String) throws -> [StatementRequest.Parameter] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        let json: JSONValue
        do { json = try JSONValue.parse(data) } catch { throw UsageError("\(path) is \(error)") }
        guard let members = json.members else {
            throw UsageError("\(path) holds no JSON object", hint: #"write {"name": value, …}"#)
        }
        return try members.map { member in
            if let parts = member.value.members {
                guard parts.allSatisfy({ $0.key == "type" || $0.key == "value" }), let value = member.value["value"]
                else {
                    throw UsageError("\(path): \(member.key) is an object, but not of type and value")
                }
                return try parameter(member.key, value, type: member.value["type"]?.text, path)
            }
            return try parameter(member.key, member.value, type: nil, path)
        }
    }

    /// The parameter that a JSON value means.
    /// - Parameter place: what messages call the document.
    /// - Throws: `UsageError` for a list or an object.
    static func parameter(
        _ name: String, _ value: JSONValue, in place: String
    ) throws -> StatementRequest.Parameter {
        try parameter(name, value, type: nil, place)
    }

    private static func parameter(
        _ name: String, _ value: JSONValue, type: String?, _ path: String
    ) throws -> StatementRequest.Parameter {
        let type = type?.uppercased()
        switch value {
        case .null: return .init(name: name, type: type, value: nil)
        case .bool(let flag): return .init(name: name, type: type ?? "BOOLEAN", value: flag ? "true" : "false")
        case .string(let text): return .init(name: name, type: type, value: text)
        case .number(let digits):
            let isWhole = digits.allSatisfy { $0.isNumber || $0 == "-" }
            let whole = Int32(digits) != nil ? "INT" : Int64(digits) != nil ? "BIGINT" : "DECIMAL(38,0)"
            return .init(name: name, type: type ?? (isWhole ? whole : "DOUBLE"), value: digits)
        case .array, .object: throw UsageError("\(path): \(name) is a list; a parameter is one value")
        }
    }
}
