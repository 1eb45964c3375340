/// Text that a program printed, as a terminal would show it when all is printed: carriage return, backspace and "erase in line"
/// (ESC [ K) act on the line, so that a finished progress bar is one line. Colours go through; other control sequences, which
/// would move the cursor or change the terminal, are left out. What remains is made harmless as by `Sanitizer`.
package enum TerminalText {
    /// - Parameter color: whether colour sequences (SGR, ECMA-48 §8.3.117) go through; otherwise they are left out too.
    package static func shown(_ text: String, color: Bool) -> String {
        var text = text
        return text.withUTF8 { bytes in
            if bytes.isPrintableASCII { return String(decoding: bytes, as: UTF8.self) }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            var look = TextLook()
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                if look.isPlain, !hasAction(line) {
                    output.append(contentsOf: Sanitizer.text(String(decoding: line, as: UTF8.self)).utf8)
                } else {
                    output.append(contentsOf: drawn(line, &look, color: color).utf8)
                }
                if end < bytes.count { output.append(0x0A) }
                start = end + 1
            }
            return String(decoding: output, as: UTF8.self)
        }
    }

    /// Whether anything in the line does more than be shown: backspace, carriage return, ESC and its eight-bit form.
    private static func hasAction(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        // CSI is U+009B, in UTF-8 C2 9B; other characters may hold the byte 9B too, which costs only time.
        line.contains { $0 == 0x08 || $0 == 0x0D || $0 == 0x1B || $0 == 0x9B }
    }

    private static func drawn(_ line: UnsafeBufferPointer<UInt8>, _ look: inout TextLook, color: Bool) -> String {
        var drawing = DrawnLine()
        let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
        var index = 0
        while index < scalars.count {
            switch scalars[index].value {
            case 0x08: drawing.column = max(0, drawing.column - 1)
            case 0x09: drawing.tab(look)
            case 0x0D: drawing.column = 0
            case 0x1B, 0x9B:
                guard let (sequence, next) = controlSequence(scalars, index) else {
                    drawing.put(Sanitizer.oneLine(String(scalars[index])), look)
                    break
                }
                if let sequence { apply(sequence, to: &drawing, &look) }
                index = next
                continue
            default:
                let end = scalars[index...].firstIndex { $0.value < 0x20 || $0.value == 0x9B } ?? scalars.count
                if end > index {
                    drawing.put(Sanitizer.oneLine(String(String.UnicodeScalarView(scalars[index..<end]))), look)
                    index = end
                    continue
                }
                drawing.put(Sanitizer.oneLine(String(scalars[index])), look)
            }
            index += 1
        }
        return drawing.text(color: color)
    }

    private static func apply(
        _ sequence: (parameters: String, final: Unicode.Scalar), to drawing: inout DrawnLine, _ look: inout TextLook
    ) {
        switch sequence.final {
        case "m": look.apply(sequence.parameters)
        case "K": drawing.erase(sequence.parameters)
        default: break
        }
    }

    /// The control sequence at `start` (ECMA-48 §5.4) and where it ends; nil for its content when it is another escape sequence or a
    /// control string, which is passed over; nil when it has no end.
    private static func controlSequence(
        _ scalars: [Unicode.Scalar], _ start: Int
    ) -> (sequence: (parameters: String, final: Unicode.Scalar)?, next: Int)? {
        var index = start + 1
        if scalars[start].value == 0x1B {
            guard index < scalars.count else { return nil }
            switch scalars[index] {
            case "[": index += 1
            case "]", "P", "X", "^", "_": return stringEnd(scalars, index + 1).map { (nil, $0) }
            case "("..."/", "#", " ": return index + 1 < scalars.count ? (nil, index + 2) : nil
            case "0"..."~": return (nil, index + 1)
            default: return nil
            }
        }
        let parameters = index
        while index < scalars.count, (0x20...0x3F).contains(scalars[index].value) { index += 1 }
        guard index < scalars.count, (0x40...0x7E).contains(scalars[index].value) else { return nil }
        return ((String(String.UnicodeScalarView(scalars[parameters..<index])), scalars[index]), index + 1)
    }

    /// Behind the end of a control string: ESC \ or, as terminals take it too, BEL.
    private static func stringEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        for index in start..<max(start, scalars.count) {
            if scalars[index] == "\u{7}" { return index + 1 }
            if scalars[index] == "\u{1B}", index + 1 < scalars.count, scalars[index + 1] == "\\" { return index + 2 }
        }
        return nil
    }
}

/// One line of cells, as a terminal keeps it.
private struct DrawnLine {
    private struct Cell {
        /// Empty in the right half of a wide character.
        var text: String
        var look: TextLook
    }

    private var cells: [Cell] = []
    var column = 0

    mutating func put(_ text: String, _ look: TextLook) {
        for character in text {
            let width = DisplayWidth.of(String(character))
            if width == 0 {
                if column > 0, column <= cells.count { cells[column - 1].text.append(character) }
                continue
            }
            pad(to: column + width)
            split(at: column)
            split(at: column + width)
            cells[column] = Cell(text: String(character), look: look)
            for half in 1..<max(width, 1) { cells[column + half] = Cell(text: "", look: look) }
            column += width
        }
    }

    mutating func tab(_ look: TextLook) {
        column = (column / 8 + 1) * 8
        pad(to: column)
    }

    /// - Parameter parameters: of ESC [ … K (ECMA-48 §8.3.41).
    mutating func erase(_ parameters: String) {
        split(at: min(column, cells.count))
        switch parameters {
        case "", "0": if column < cells.count { cells.removeSubrange(column...) }
        case "1": for index in 0..<min(column + 1, cells.count) { cells[index] = Cell(text: " ", look: TextLook()) }
        case "2": cells = []
        default: break
        }
    }

    private mutating func pad(to count: Int) {
        while cells.count < count { cells.append(Cell(text: " ", look: TextLook())) }
    }

    /// A wide character of which one half is written over goes blank.
    private mutating func split(at index: Int) {
        guard index > 0, index < cells.count, cells[index].text.isEmpty else { return }
        cells[index - 1].text = " "
        cells[index].text = " "
    }

    func text(color: Bool) -> String {
        var text = ""
        var look = TextLook()
        for cell in cells {
            if color, cell.look != look {
                if !look.isPlain { text += "\u{1B}[0m" }
                text += cell.look.sequence
                look = cell.look
            }
            text += cell.text
        }
        if !look.isPlain { text += "\u{1B}[0m" }
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// How characters look after the SGR sequences before them.
private struct TextLook: Equatable {
    private var attributes: Set<Int> = []
    private var foreground = ""
    private var background = ""

    var isPlain: Bool { attributes.isEmpty && foreground.isEmpty && background.isEmpty }

    var sequence: String {
        let codes = attributes.sorted().map(String.init) + [foreground, background].filter { !$0.isEmpty }
        return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
    }

    mutating func apply(_ parameters: String) {
        var codes = parameters.split(separator: ";", omittingEmptySubsequences: false)[...]
        while let code = codes.popFirst() {
            // Sub-parameters (ISO 8613-6) are one code: 38:2::255:0:0, 4:3.
            if code.contains(":") {
                if code.hasPrefix("38:") { foreground = String(code) }
                if code.hasPrefix("48:") { background = String(code) }
                continue
            }
            guard let number = code.isEmpty ? 0 : Int(code) else { continue }
            switch number {
            case 0: self = TextLook()
            // Not 8: text that cannot be seen is not shown so.
            case 1...7, 9: attributes.insert(number)
            case 21: attributes.insert(4)
            case 22: attributes.subtract([1, 2])
            case 23, 24, 27, 29: attributes.remove(number - 20)
            case 25: attributes.subtract([5, 6])
            case 30...37, 90...97: foreground = String(number)
            case 40...47, 100...107: background = String(number)
            case 38: foreground = Self.extended("38", &codes)
            case 48: background = Self.extended("48", &codes)
            case 39: foreground = ""
            case 49: background = ""
            default: break
            }
        }
    }

    /// `5;n` or `2;r;g;b` behind 38 or 48.
    private static func extended(_ code: String, _ rest: inout ArraySlice<Substring>) -> String {
        let count = rest.first == "5" ? 2 : rest.first == "2" ? 4 : 0
        guard count > 0, rest.count >= count, rest.prefix(count).allSatisfy({ Int($0) != nil }) else { return "" }
        defer { rest = rest.dropFirst(count) }
        return ([Substring(code)] + rest.prefix(count)).joined(separator: ";")
    }
}
