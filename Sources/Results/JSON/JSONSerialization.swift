import Text

extension JSONValue {
    /// How a document is laid out.
    package enum Layout: Sendable {
        /// On one line, without blanks.
        case compact
        /// Two blanks a level, one member or element a line.
        case pretty
    }

    /// The document as JSON text.
    ///
    /// With `sanitize`, what must not reach a terminal (`Sanitizer.isHazard`) is written as `\u` escapes: still the same
    /// JSON.
    package func serialized(_ layout: Layout = .compact, sanitize: Bool = false) -> String {
        var output: [UInt8] = []
        append(to: &output, layout, sanitize: sanitize, level: 0)
        return String(decoding: output, as: UTF8.self)
    }

    func append(to output: inout [UInt8], _ layout: Layout, sanitize: Bool, level: Int) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let digits): output.append(contentsOf: digits.utf8)
        case .string(let text): Self.append(text, to: &output, sanitize: sanitize)
        case .array(let elements):
            Self.appendList(elements, "[", "]", to: &output, layout, level) { element, output in
                element.append(to: &output, layout, sanitize: sanitize, level: level + 1)
            }
        case .object(let members):
            Self.appendList(members, "{", "}", to: &output, layout, level) { member, output in
                Self.append(member.key, to: &output, sanitize: sanitize)
                output.append(contentsOf: (layout == .pretty ? ": " : ":").utf8)
                member.value.append(to: &output, layout, sanitize: sanitize, level: level + 1)
            }
        }
    }

    private static func appendList<Item>(
        _ items: [Item], _ open: StaticString, _ close: StaticString, to output: inout [UInt8], _ layout: Layout,
        _ level: Int, _ body: (Item, inout [UInt8]) -> Void
    ) {
        func newLine(_ level: Int, _ output: inout [UInt8]) {
            guard layout == .pretty, !items.isEmpty else { return }
            output.append(0x0A)
            output.append(contentsOf: repeatElement(0x20, count: level * 2))
        }
        output.append(open.utf8Start.pointee)
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(0x2C) }
            newLine(level + 1, &output)
            body(item, &output)
        }
        newLine(level, &output)
        output.append(close.utf8Start.pointee)
    }

    private static func append(_ text: String, to output: inout [UInt8], sanitize: Bool) {
        var text = text
        text.withUTF8 { JSONText.appendString($0, to: &output, sanitize: sanitize) }
    }
}

/// JSON strings from bytes.
enum JSONText {
    private static let special = ByteSet(#""\"#, nonASCII: false)
    private static let specialAtTerminal = ByteSet(#""\"#, nonASCII: true)

    /// Appends a quoted, escaped string (RFC 8259 §7); `bytes` are valid UTF-8.
    static func appendString(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8], sanitize: Bool) {
        output.append(0x22)
        (sanitize ? specialAtTerminal : special).scan(bytes) {
            output.append(contentsOf: $0)
        } special: {
            appendSpecial(bytes, $0, to: &output, sanitize: sanitize)
        }
        output.append(0x22)
    }

    /// Appends the character at `index` in its escaped form, if it needs one; its length in `bytes`.
    private static func appendSpecial(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, to output: inout [UInt8], sanitize: Bool
    ) -> Int {
        let byte = bytes[index]
        switch byte {
        case 0x22, 0x5C: output.append(contentsOf: [0x5C, byte])
        case 0x0A: output.append(contentsOf: #"\n"#.utf8)
        case 0x0D: output.append(contentsOf: #"\r"#.utf8)
        case 0x09: output.append(contentsOf: #"\t"#.utf8)
        case ..<0x20: appendUnit(UInt32(byte), to: &output)
        default:
            let scalar = Sanitizer.scalar(bytes, at: index)
            if sanitize, Sanitizer.isHazard(scalar.value) {
                appendUnit(scalar.value, to: &output)
            } else {
                output.append(contentsOf: bytes[index..<index + scalar.length])
            }
            return scalar.length
        }
        return 1
    }

    /// Every hazard lies in the basic plane, so one unit is enough.
    static func appendUnit(_ value: UInt32, to output: inout [UInt8]) {
        output.append(contentsOf: #"\u"#.utf8)
        for shift: UInt32 in [12, 8, 4, 0] {
            let digit = UInt8(value >> shift & 0xF)
            output.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
