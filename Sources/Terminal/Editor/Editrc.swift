import CEdit
import Glibc
import System

/// The user's `~/.editrc` (editrc(5)). It is read here and not by el_source, which stops at the first bad line and crashes on an
/// unfinished quote.
struct Editrc {
    /// Arguments of each line that libedit can parse.
    private let lines: [[String]]

    init(path: String?) {
        let home = UserDirectories.home(["HOME": environmentVariable("HOME") ?? ""])
        guard let file = fopen(path ?? environmentVariable("EDITRC") ?? home + "/.editrc", "re") else {
            lines = []
            return
        }
        defer { fclose(file) }
        var lines: [[String]] = []
        var text: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(text) }
        while true {
            // getline(3) owns and grows the memory behind `text`, and says how much of it is filled.
            let count = getline(&text, &capacity, file)
            guard count >= 0 else { break }
            let line = String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
            if let arguments = Self.arguments(of: line) { lines.append(arguments) }
        }
        self.lines = lines
    }

    private static func arguments(of line: String) -> [String]? {
        let line = line.drop { $0 == " " || $0 == "\t" }.prefix { !$0.isNewline }
        guard let first = line.first, first != "#" else { return nil }
        let tokenizer = tok_init(nil)
        defer { tok_end(tokenizer) }
        var count: Int32 = 0
        var arguments: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        // Anything but 0 is an unfinished quote or backslash, and leaves the arguments undefined.
        guard String(line).withCString({ tok_str(tokenizer, $0, &count, &arguments) }) == 0, count > 0, let arguments
        else {
            return nil
        }
        // `edit off` would end editing, which here means that nothing is drawn.
        let words = (0..<Int(count)).map { String(cString: arguments[$0]!) }
        return command(of: words) == "edit" ? nil : words
    }

    /// Without the `program:` before it.
    private static func command(of arguments: [String]) -> Substring? {
        arguments.first?.split(separator: ":").last
    }

    private static func choosesMode(_ arguments: [String]) -> Bool {
        command(of: arguments) == "bind" && arguments.count > 1 && ["-v", "-e"].contains(arguments[1])
    }

    /// Whether keys that send sequences are bound, in one of the ways to write ESC.
    var bindsSequences: Bool {
        lines.contains { line in
            Self.command(of: line) == "bind"
                && line.contains { word in
                    ["\\e", "^[", "\\033", "\\U+001B"].contains { escape in
                        word.hasPrefix(escape + "[") || word.hasPrefix(escape + "O")
                    }
                }
        }
    }

    /// First the mode, as choosing it resets all keys; then ours; then the user's, which win.
    func apply(to engine: Engine) {
        for line in lines where Self.choosesMode(line) { parse(line, engine) }
        if engine.isVi { engine.bindVi() } else { engine.bindEmacs() }
        for line in lines where !Self.choosesMode(line) { parse(line, engine) }
    }

    private func parse(_ arguments: [String], _ engine: Engine) {
        let copies = arguments.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
        // libedit only reads the arguments, and keeps none.
        _ = el_parse(engine.line, Int32(arguments.count), &pointers)
    }
}
