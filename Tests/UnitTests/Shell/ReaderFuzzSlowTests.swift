import Databricks
import Glibc
import Shell
import Support
import Testing

/// Random bytes and mutated scripts through the cell reader: it must end, lose no byte, and read the same cells however
/// the text arrives. Three seconds by default; `DBSH_FUZZ_SECONDS` and `DBSH_FUZZ_SEED` say otherwise:
///
///     DBSH_FUZZ_SECONDS=60 DBSH_FUZZ_SEED=7 scripts/test slow ReaderFuzz
@Suite struct ReaderFuzzSlowTests {
    @Test func losesNoByte() async {
        let seconds = Self.setting("DBSH_FUZZ_SECONDS") ?? 3
        let seed = Self.setting("DBSH_FUZZ_SEED") ?? 20_260_101
        var random = SplitMix(seed: UInt64(seed))
        let end = ContinuousClock.now + .seconds(seconds)
        var inputs = 0
        while ContinuousClock.now < end {
            let text = FuzzInput.make(&random)
            let language = Language.allCases.randomElement(using: &random)!
            let rules: CellReader.Rules = CellReader.Rules.allCases.randomElement(using: &random)!
            if let fault = Self.fault(text, language, rules, &random) {
                let shown = String(decoding: text, as: UTF8.self).debugDescription
                Issue.record("seed \(seed), input \(inputs), \(language), \(rules): \(fault)\n\(shown)")
                return
            }
            inputs += 1
            // The other tests run on the same few threads.
            if inputs.isMultiple(of: 64) { await Task.yield() }
        }
        #expect(inputs > 0)
    }

    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    /// What is wrong with how `text` is read; nil when nothing is.
    private static func fault(
        _ text: [UInt8], _ language: Language, _ rules: CellReader.Rules, _ random: inout SplitMix
    ) -> String? {
        guard let cells = read([text], language, rules) else { return "more cells than bytes" }
        var end = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        for cell in cells {
            guard cell.source.lowerBound >= end, cell.source.upperBound <= text.count, !cell.source.isEmpty else {
                return "a cell is at \(cell.source), after \(end) of \(text.count)"
            }
            if let lost = GapReader.code(in: text[end..<cell.source.lowerBound]) {
                return "lost \(lost.debugDescription)"
            }
            if case .code(_, let code) = cell.content {
                let source = text[cell.source].filter { $0 != 13 && $0 != 92 }
                guard code.isEmpty || contains(source, code.utf8.filter { $0 != 13 && $0 != 92 }) else {
                    return "the cell \(code.debugDescription) is not its source"
                }
            }
            end = cell.source.upperBound
        }
        if let lost = GapReader.code(in: text[end...]) { return "lost at the end \(lost.debugDescription)" }
        var pieces: [[UInt8]] = []
        var from = 0
        while from < text.count {
            let to = min(text.count, from + Int.random(in: 1...40, using: &random))
            pieces.append(Array(text[from..<to]))
            from = to
        }
        if read(pieces, language, rules) != cells { return "reads differently in pieces" }
        return nil
    }

    private static func read(_ pieces: [[UInt8]], _ language: Language, _ rules: CellReader.Rules) -> [Cell]? {
        var reader = CellReader(language: language, commands: ["mode", "lang", "help"], rules: rules)
        var cells: [Cell] = []
        let most = pieces.reduce(1) { $0 + $1.count }
        for piece in pieces {
            reader.append(piece)
            while let cell = reader.next() {
                cells.append(cell)
                if cells.count > most { return nil }
            }
        }
        reader.finish()
        while let cell = reader.next() {
            cells.append(cell)
            if cells.count > most { return nil }
        }
        return cells
    }

    private static func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard wanted.count <= bytes.count else { return false }
        return (0...bytes.count - wanted.count).contains { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}

/// Judges what the reader left out between two cells, on its own: blanks, the ends of empty
/// statements (`;`, `;&`, `\G`), comments, separators, magic names.
private enum GapReader {
    /// Something in `gap` that should have been in a cell; nil when there is nothing.
    static func code(in gap: ArraySlice<UInt8>) -> String? {
        // `/*+` opens a comment within a comment in Scala, not in SQL.
        code(in: gap, nestsHints: false).flatMap { _ in code(in: gap, nestsHints: true) }
    }

    private static func code(in gap: ArraySlice<UInt8>, nestsHints: Bool) -> String? {
        var rest = gap
        while let byte = rest.first {
            if [9, 10, 11, 12, 13, 32, UInt8(ascii: ";")].contains(byte) {
                rest.removeFirst()
            } else if starts(rest, "--") || starts(rest, "#") || starts(rest, "//") {
                skipLine(&rest, continues: byte == UInt8(ascii: "-"))
            } else if starts(rest, "/*") {
                skipComment(&rest, nestsHints)
            } else if let magic = ["%sql", "%python", "%py", "%scala", "%r"].first(where: { startsMagic(rest, $0) }) {
                rest = rest.dropFirst(magic.utf8.count)
            } else if starts(rest, "\\G") {
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "&") {
                rest.removeFirst()
            } else if let blank = ["\u{A0}", "\u{3000}"].first(where: { starts(rest, $0) }) {
                rest = rest.dropFirst(blank.utf8.count)
            } else {
                return String(decoding: rest.prefix(40), as: UTF8.self)
            }
        }
        return nil
    }

    private static func starts(_ rest: ArraySlice<UInt8>, _ text: String) -> Bool { rest.starts(with: text.utf8) }

    private static func startsMagic(_ rest: ArraySlice<UInt8>, _ name: String) -> Bool {
        String(decoding: rest.prefix(name.utf8.count), as: UTF8.self).lowercased() == name
    }

    private static func skipLine(_ rest: inout ArraySlice<UInt8>, continues: Bool) {
        var last: UInt8 = 0
        while let byte = rest.popFirst() {
            if byte == 10, !continues || last != UInt8(ascii: "\\") { return }
            if byte == 13, rest.first != 10 { return }
            if byte != 13 { last = byte }
        }
    }

    private static func skipComment(_ rest: inout ArraySlice<UInt8>, _ nestsHints: Bool) {
        var depth = 0
        while !rest.isEmpty {
            if starts(rest, "/*"), depth == 0 || nestsHints || !starts(rest, "/*+") {
                depth += 1
                rest = rest.dropFirst(2)
            } else if starts(rest, "*/") {
                depth -= 1
                rest = rest.dropFirst(2)
                if depth == 0 { return }
            } else {
                rest.removeFirst()
            }
        }
    }
}

/// Makes inputs: random bytes, random tokens, and scripts with pieces cut, doubled and changed.
private enum FuzzInput {
    private static let tokens = [
        "select 1", ";", "\n", "\r\n", " ", "'", "\"", "`", "$$", "$a$", "--", "/*", "*/", "/*+", "\\", "\\\n", "begin",
        "end",
        "if", "then", "case", "when", "loop", "while", "do", "repeat", "until", "for", ":", ".", "a", "r'", "R\"", "&",
        "\\G",
        "%sql", "%python", "%md", "%sh", "%run x", "%pip", "%skip", "%py\n", "%md-sandbox", "%slq", "#!", "\n%sql\n",
        "\n.mode csv\n", ".lang python", "# %%",
        "\n-- %%\n",
        "\n# COMMAND ----------\n", "(", ")", "[", "]", "{", "}", "'''", "\"\"\"", "#", "//", ":\n    ", "@x", "\u{A0}",
        "\u{3000}", "漢", "👩‍👩‍👧", "\u{FEFF}", "\0", "1", "1.5", "x://a--b", "f\"", "\t", "\u{0B}", "begin transaction",
        "create procedure p() as begin",
    ]

    private static let scripts = [
        "-- load\n.mode csv\nselect 'a;b' as x, \"c\" -- why; not\nfrom t;\n%python\nfor i in range(3):\n    print(f\"{i}\")\n# %%\nselect 1\\G\n",
        "begin\n  declare a int default 1;\n  l: while a < 3 do\n    if a = 2 then leave l; end if;\n    set a = a + 1;\n  end while l;\nend;\nselect case when a then 1 end;;\n",
        "%md\n# Title\n%sql select 1; select $$ ; $$;\n%r x <- r\"(;)\"\n%scala val s = \"\"\"a\n\"\"\"\n%sh\nls\n",
    ]

    static func make(_ random: inout SplitMix) -> [UInt8] {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            return (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        case 1, 2:
            let count = Int.random(in: 0...40, using: &random)
            return (0..<count).flatMap { _ in Array(tokens.randomElement(using: &random)!.utf8) }
        default:
            var bytes = Array(scripts.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
            return bytes
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard !bytes.isEmpty else { return }
        let from = Int.random(in: 0..<bytes.count, using: &random)
        let to = min(bytes.count, from + Int.random(in: 1...20, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeSubrange(from..<to)
        case 1: bytes.insert(contentsOf: bytes[from..<to], at: from)
        case 2: bytes[from] = UInt8.random(in: 0...255, using: &random)
        default: bytes.insert(contentsOf: tokens.randomElement(using: &random)!.utf8, at: from)
        }
    }
}
