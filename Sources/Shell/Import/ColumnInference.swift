import Results

/// Finds the types of columns from their first values.
nonisolated enum ColumnInference {
    /// The type of a column of text: the first that all its values fit, STRING when none does or there is no value.
    static func type(ofTexts values: [String]) -> String {
        guard !values.isEmpty else { return "STRING" }
        return ["BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"].first { type in values.allSatisfy { fits($0, type) }
        }
            ?? "STRING"
    }

    /// Narrower than what can be cast: `007` is a code and `yes` a word.
    private static func fits(_ text: String, _ type: String) -> Bool {
        switch type {
        case "BIGINT":
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            return Int64(text) != nil && (digits == "0" || digits.first != "0" && digits.first != "+")
        case "DOUBLE":
            if ["NaN", "Infinity", "-Infinity"].contains(text) { return true }
            if case .number? = try? JSONValue.parse(text) { return true }
            return false
        case "BOOLEAN": return ["true", "false"].contains(text.lowercased())
        case "DATE":
            return text.utf8.count == 10 && looksLikeDate(text) && (try? ParameterValue.check(text, of: type)) != nil
        default: return looksLikeTimestamp(text) && (try? ParameterValue.check(text, of: type)) != nil
        }
    }

    /// It begins `2024-05-17`. (A regular expression takes twenty times as long for each value.)
    private static func looksLikeDate(_ text: String) -> Bool {
        text.utf8.prefix(10).elementsEqual("dddd-dd-dd".utf8, by: isAsked)
    }

    /// It begins with a day that every month has, as `2024-05-17` does: it can be told without knowing the calendar.
    static func beginsWithPlainDate(_ text: String) -> Bool {
        guard looksLikeDate(text) else { return false }
        let digits = text.utf8.prefix(10).map { Int($0) - 0x30 }
        return (1...12).contains(digits[5] * 10 + digits[6]) && (1...28).contains(digits[8] * 10 + digits[9])
    }

    /// A digit where the pattern has `d`, else the pattern's own byte.
    private static func isAsked(_ byte: UInt8, _ pattern: UInt8) -> Bool {
        pattern == UInt8(ascii: "d") ? (0x30...0x39).contains(byte) : byte == pattern
    }

    /// `2024-05-17 12:34`, or with `T`, seconds, a part of them, and a zone: `Z`, `+02:00`, `+0200`.
    private static func looksLikeTimestamp(_ text: String) -> Bool {
        guard looksLikeDate(text), let separator = text.utf8.dropFirst(10).first, separator == 0x20 || separator == 0x54
        else { return false }
        var rest = text.utf8.dropFirst(11)
        func take(_ pattern: String) -> Bool {
            guard rest.count >= pattern.utf8.count,
                rest.prefix(pattern.utf8.count).elementsEqual(pattern.utf8, by: isAsked)
            else { return false }
            rest = rest.dropFirst(pattern.utf8.count)
            return true
        }
        guard take("dd:dd") else { return false }
        if take(":dd"), take(".d") {
            var digits = 1
            while take("d") { digits += 1 }
            if digits > 9 { return false }
        }
        return rest.isEmpty || ["Z", "+dd:dd", "-dd:dd", "+dddd", "-dddd"].contains(where: take) && rest.isEmpty
    }

    /// The columns of objects, in the order in which they come up.
    static func columns(ofObjects objects: [JSONValue]) -> [ImportColumn] {
        var form: Form = .object([])
        for object in objects { form = form.joined(with: Form(object)) }
        guard case .object(let fields) = form else { return [] }
        return fields.map { ImportColumn(name: $0.name, type: $0.form.type) }
    }

    /// What a value of JSON looks like.
    private indirect enum Form: Equatable {
        case nothing
        case scalar(String)
        case array(Form)
        case object([(name: String, form: Form)])

        init(_ value: JSONValue) {
            switch value {
            case .null: self = .nothing
            case .bool: self = .scalar("BOOLEAN")
            case .number(let digits): self = .scalar(Int64(digits) != nil ? "BIGINT" : "DOUBLE")
            case .string(let text):
                self = .scalar(["DATE", "TIMESTAMP"].first { ColumnInference.fits(text, $0) } ?? "STRING")
            case .array(let elements): self = .array(elements.reduce(.nothing) { $0.joined(with: Form($1)) })
            case .object(let members): self = .object(members.map { ($0.key, Form($0.value)) })
            }
        }

        static func == (one: Form, other: Form) -> Bool { one.type == other.type }

        func joined(with other: Form) -> Form {
            switch (self, other) {
            case (.nothing, _): return other
            case (_, .nothing): return self
            case (.scalar(let one), .scalar(let two)) where one == two: return self
            case (.scalar("BIGINT"), .scalar("DOUBLE")), (.scalar("DOUBLE"), .scalar("BIGINT")):
                return .scalar("DOUBLE")
            case (.array(let one), .array(let two)): return .array(one.joined(with: two))
            case (.object(var fields), .object(let more)):
                for field in more {
                    if let index = fields.firstIndex(where: { $0.name == field.name }) {
                        fields[index].form = fields[index].form.joined(with: field.form)
                    } else {
                        fields.append(field)
                    }
                }
                return .object(fields)
            default: return .scalar("STRING")
            }
        }

        var type: String {
            switch self {
            case .nothing: "STRING"
            case .scalar(let type): type
            case .array(let element): "ARRAY<\(element.type)>"
            case .object(let fields):
                fields.isEmpty
                    ? "STRING"
                    : "STRUCT<" + fields.map { "\(SQLName.quoted($0.name)): \($0.form.type)" }.joined(separator: ", ")
                        + ">"
            }
        }
    }
}
