/// A Spark SQL type, as the results of commands name it: in JSON (`DataType.json`) or as a Hive type string.
///
/// It gives columns the same types as a statement's manifest has, and struct cells the names of their fields.
indirect enum SparkType: Equatable, Sendable {
    /// Anything that is not nested, by its SQL name: `BIGINT`, `DECIMAL(10,2)`, `INTERVAL DAY TO SECOND`.
    case plain(String)
    case array(SparkType)
    case map(SparkType, SparkType)
    case structure([Field])

    struct Field: Equatable, Sendable {
        let name: String
        let type: SparkType
    }

    /// As in a manifest's `type_text`.
    var text: String {
        switch self {
        case .plain(let name): name
        case .array(let element): "ARRAY<\(element.text)>"
        case .map(let key, let value): "MAP<\(key.text), \(value.text)>"
        case .structure(let fields):
            "STRUCT<" + fields.map { "\(SQLName.quoted($0.name)): \($0.type.text)" }.joined(separator: ", ") + ">"
        }
    }

    /// The type with text for keys of maps, which is all that `from_json` reads there; itself when a key could not be cast from
    /// its text: base64, a nested key.
    var withTextKeys: SparkType {
        switch self {
        case .plain: self
        case .array(let element): .array(element.withTextKeys)
        case .map(let key, let value): .map(key.isCastFromText ? .plain("STRING") : key, value.withTextKeys)
        case .structure(let fields): .structure(fields.map { Field(name: $0.name, type: $0.type.withTextKeys) })
        }
    }

    private var isCastFromText: Bool {
        guard case .plain(let name) = self else { return false }
        return !["STRING", "VARCHAR", "CHAR", "BINARY", "VOID", "VARIANT"].contains { name.hasPrefix($0) }
    }

    /// Whether `text` is nothing but a type, whatever a server put into it: only then may it stand in a statement by itself.
    var isHarmless: Bool {
        switch self {
        case .plain(let name):
            name.utf8.allSatisfy {
                (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0) || "_ (,)".utf8.contains($0)
            }
        case .array(let element): element.isHarmless
        case .map(let key, let value): key.isHarmless && value.isHarmless
        case .structure(let fields): fields.allSatisfy(\.type.isHarmless)
        }
    }

    /// As in a manifest's `type_name`.
    var name: String {
        switch self {
        case .plain(let text):
            switch String(text.prefix { $0 != "(" && $0 != " " }) {
            case "TINYINT": "BYTE"
            case "SMALLINT": "SHORT"
            case "BIGINT": "LONG"
            case "VOID": "NULL"
            case let head: head
            }
        case .array: "ARRAY"
        case .map: "MAP"
        case .structure: "STRUCT"
        }
    }

    /// The type that a schema's `type` string names; an unknown form is kept as it is.
    init(schemaText text: String, isJSON: Bool) {
        let looksLikeJSON = text.first == "\"" || text.first == "{"
        if isJSON || looksLikeJSON, let json = try? JSONValue.parse(text) {
            self = SparkType(json: json)
        } else {
            var parser = TypeTextParser(text)
            self = parser.parse() ?? .plain(text)
        }
    }

    /// Reads `DataType.json`: a name in a string, or an object with `type`.
    init(json: JSONValue) {
        switch (json.text ?? json["type"]?.text, json) {
        case ("array", .object): self = .array(SparkType(json: json["elementType"] ?? .null))
        case ("map", .object):
            self = .map(SparkType(json: json["keyType"] ?? .null), SparkType(json: json["valueType"] ?? .null))
        case ("struct", .object):
            let fields = json["fields"]?.elements ?? []
            self = .structure(
                fields.map { Field(name: $0["name"]?.text ?? "", type: SparkType(json: $0["type"] ?? .null)) })
        case ("udt", .object):
            self = json["sqlType"].map { SparkType(json: $0) } ?? .plain("USER_DEFINED_TYPE")
        case (let name?, _): self = .plain(Self.sqlName(name))
        default: self = .plain("")
        }
    }

    /// `long` → `BIGINT`, `decimal(10,2)` → `DECIMAL(10,2)`.
    static func sqlName(_ name: String) -> String {
        switch name.lowercased() {
        case "byte": "TINYINT"
        case "short": "SMALLINT"
        case "integer": "INT"
        case "long": "BIGINT"
        case "null": "VOID"
        default: name.uppercased()
        }
    }
}
