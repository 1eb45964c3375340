/// A column's type as Spark writes it in JSON, in the words of the API: `type_text` and `type_name`.
struct SparkType {
    /// As in SQL, such as `array<bigint>`.
    let text: String
    /// Of the API's enumeration, such as `ARRAY`.
    let name: String

    private static let simple: [String: (text: String, name: String)] = [
        "long": ("bigint", "LONG"), "integer": ("int", "INT"), "short": ("smallint", "SHORT"),
        "byte": ("tinyint", "BYTE"), "string": ("string", "STRING"), "double": ("double", "DOUBLE"),
        "float": ("float", "FLOAT"), "boolean": ("boolean", "BOOLEAN"), "binary": ("binary", "BINARY"),
        "date": ("date", "DATE"), "timestamp": ("timestamp", "TIMESTAMP"),
        "timestamp_ntz": ("timestamp_ntz", "TIMESTAMP_NTZ"), "void": ("void", "NULL"),
        "variant": ("variant", "VARIANT"),
    ]

    init(_ json: JSON) {
        switch json {
        case .string(let type):
            name = Self.name(ofSQL: Self.simple[type]?.text ?? type)
            text = Self.simple[type]?.text ?? type
        default:
            switch json["type"]?.string {
            case "array":
                name = "ARRAY"
                text = "array<\(SparkType(json["elementType"] ?? .null).text)>"
            case "map":
                name = "MAP"
                text =
                    "map<\(SparkType(json["keyType"] ?? .null).text),\(SparkType(json["valueType"] ?? .null).text)>"
            case "struct":
                name = "STRUCT"
                let fields = (json["fields"]?.elements ?? []).map { field in
                    "\(field["name"]?.string ?? ""):\(SparkType(field["type"] ?? .null).text)"
                }
                text = "struct<\(fields.joined(separator: ","))>"
            default:
                name = "USER_DEFINED_TYPE"
                text = "udt"
            }
        }
    }

    /// The API's name of a type that is written as in SQL.
    static func name(ofSQL text: String) -> String {
        let word = String(text.lowercased().prefix { $0.isLetter || $0 == "_" })
        if let known = simple.values.first(where: { $0.text == word }) { return known.name }
        return switch word {
        case "decimal", "dec", "numeric": "DECIMAL"
        case "integer": "INT"
        case "varchar", "char": "STRING"
        default: word.uppercased()
        }
    }
}
