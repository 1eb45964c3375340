import Glibc

/// Reading without libedit: from what is no terminal, or one that cannot be drawn on, and secrets.
extension Editor {
    /// Reads lines until they make a cell. The terminal, if there is one, does the editing it can do.
    func readPlainly(_ read: Read) -> ReadResult {
        let isTerminal = isatty(options.input) == 1 && isatty(options.output) == 1
        var text = ""
        let first = read.kind == .cell ? read.prompt : read.prompt.wrapped(terminal.size.columns)
        var prompt = first.first.map(\.text).joined()
        while true {
            if isTerminal { terminal.emit(prompt) }
            switch readPlainLine() {
            case .stopped(.interrupted):
                keys.removeAll()
                if isTerminal { terminal.emit("\n") }
                return .interrupted
            case .stopped(.terminated): return .terminated
            case .stopped(.endOfInput): return text.isEmpty ? .endOfFile : .line(text)
            case .line(let line):
                text += (text.isEmpty ? "" : "\n") + line
                guard read.kind == .cell, stop == nil, case .incomplete(let next, _) = options.isComplete(text) else {
                    return .line(Self.withoutTrailingBlankLines(text))
                }
                prompt = next
            }
        }
    }

    private enum PlainLine {
        case line(String)
        case stopped(Stop)
    }

    private func readPlainLine() -> PlainLine {
        while true {
            if let line = keys.takeLine() { return .line(Self.decode(line)) }
            switch stop {
            case .endOfInput:
                // The last line may lack its newline.
                let rest = keys.takeRest()
                return rest.isEmpty ? .stopped(.endOfInput) : .line(Self.decode(rest))
            case .some(let stop): return .stopped(stop)
            case nil: if wait(forInput: true) == .input { readInput() }
            }
        }
    }

    private static func decode(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
    }

    /// Reads one line that is not shown: only Enter, deleting, Ctrl-C and Ctrl-D mean something.
    func readSecretly(_ read: Read) -> ReadResult {
        takeTerminal()
        defer { giveTerminalBack() }
        let isDrawn = engine != nil
        if !isDrawn { terminal.emit(read.prompt.first.map(\.text).joined()) }
        let result = readSecretKeys()
        if isDrawn {
            renderLast("", suffix: result == .interrupted ? "^C" : "")
        } else {
            terminal.emit("\n")
        }
        return result
    }

    private func readSecretKeys() -> ReadResult {
        var secret: [Unicode.Scalar] = []
        while stop == nil {
            guard let key = keys.next() else {
                render()
                if wait(forInput: true) == .input { readInput() }
                continue
            }
            guard let scalar = act(on: key) else { continue }
            switch scalar {
            case "\r", "\n": return .line(EditBuffer.string(secret[...]))
            case "\u{4}" where secret.isEmpty: stop = .endOfInput
            case "\u{8}", "\u{7F}": if !secret.isEmpty { secret.removeLast() }
            case "\u{15}": secret = []
            case PrivateKey.paste.scalar: secret += takeWholePaste().unicodeScalars.filter { $0 != "\n" }
            case "\u{20}"..., "\t": if !(0x7F..<0xA0).contains(scalar.value) { secret.append(scalar) }
            default: break
            }
        }
        return stop == .interrupted ? .interrupted : stop == .terminated ? .terminated : .endOfFile
    }
}
