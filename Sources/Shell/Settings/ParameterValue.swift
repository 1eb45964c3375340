import Text

/// Whether a parameter's value is one of its SQL type, so that a mistake is found where the value is given, and not at every
/// statement that names it. What dbsh does not know it leaves to the service.
///
/// Facts: Spark's casts of strings (its SQL reference, "Data Types" and "ANSI Compliance").
nonisolated enum ParameterValue {
    /// - Throws: `UsageError` that names the type, and its range if it has one.
    static func check(_ value: String, of type: String) throws {
        let text = value.trimmingBlanks()
        let name = type.prefix { $0.isLetter || $0 == "_" }.uppercased()
        switch name {
        case "TINYINT", "BYTE": try check(text, name, Int8.self)
        case "SMALLINT", "SHORT": try check(text, name, Int16.self)
        case "INT", "INTEGER": try check(text, name, Int32.self)
        case "BIGINT", "LONG": try check(text, name, Int64.self)
        case "DECIMAL", "DEC", "NUMERIC": try checkDecimal(text, type)
        case "DOUBLE", "FLOAT", "REAL":
            let word = text.lowercased().drop { $0 == "-" || $0 == "+" }
            let isNumber = Double(text) != nil && !word.contains { "xp".contains($0) }
            if !isNumber, !["nan", "inf", "infinity"].contains(word) { throw refusal(text, name) }
        case "BOOLEAN":
            if !["true", "t", "yes", "y", "1", "false", "f", "no", "n", "0"].contains(text.lowercased()) {
                throw refusal(text, name, hint: "true or false")
            }
        case "DATE":
            if !beginsWithDate(text) { throw refusal(text, name, hint: "YYYY-MM-DD") }
        case "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ":
            if !beginsWithDate(text), !text.contains(":") {
                throw refusal(text, name, hint: "YYYY-MM-DD HH:MM:SS, and a time zone if it has one")
            }
        default: break
        }
    }

    private static func check<Number: FixedWidthInteger>(_ text: String, _ name: String, _: Number.Type) throws {
        if Number(text) != nil { return }
        let digits = text.drop { $0 == "-" || $0 == "+" }
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }), text.count - digits.count <= 1 else {
            throw refusal(text, name, hint: "a whole number from \(Number.min) to \(Number.max)")
        }
        throw UsageError("\(text) does not fit \(name)", hint: "it holds \(Number.min) to \(Number.max)")
    }

    private static func checkDecimal(_ text: String, _ type: String) throws {
        let sizes = type.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }.split(separator: ",")
            .compactMap { Int(String($0).trimmingBlanks()) }
        let digits = (sizes.first ?? 10) - (sizes.count > 1 ? sizes[1] : 0)
        let match = text.wholeMatch(of: /[-+]?(?<whole>[0-9]*)(?:\.(?<part>[0-9]*))?(?<power>[eE][-+]?[0-9]+)?/)
        guard let match, !match.whole.isEmpty || match.part?.isEmpty == false else { throw refusal(text, type) }
        guard match.power == nil else { return }
        let whole = match.whole.drop { $0 == "0" }.count
        if whole > digits {
            throw UsageError("\(text) does not fit \(type)", hint: "it has \(digits) digits before the point")
        }
        // A scale that is written is asked for; without one the service rounds to a whole number, which nobody expects.
        guard sizes.count < 2, let part = match.part?.replacing(/0+$/, with: ""), !part.isEmpty else { return }
        let name = String(type.prefix { $0 != "(" }).trimmingBlanks()
        throw UsageError(
            "\(text) does not fit \(type)",
            hint: "it has no digits after the point: \(name)(\(max(whole, 1) + part.count),\(part.count))")
    }

    /// `YYYY`, `YYYY-M` or `YYYY-M-D`, a day that exists, and whatever follows behind a blank or `T`.
    private static func beginsWithDate(_ text: String) -> Bool {
        // Without a regular expression, which takes twenty times as long: imports ask this of millions of values.
        var date = text.utf8.prefix { $0 != 0x20 && $0 != UInt8(ascii: "T") }
        if let sign = date.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { date = date.dropFirst() }
        let parts = date.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let lengths = [4...7, 1...2, 1...2]
        guard parts.count <= 3,
            zip(parts, lengths).allSatisfy({ $1.contains($0.count) && $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return false }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let (year, month, day) = (numbers[0], numbers.count > 1 ? numbers[1] : 1, numbers.count > 2 ? numbers[2] : 1)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(month) && (1...days[month - 1]).contains(day)
    }

    private static func refusal(_ text: String, _ type: String, hint: String? = nil) -> UsageError {
        UsageError("“\(text)” is no \(type)", hint: hint)
    }
}
