import Databricks
import Testing

@testable import Shell

/// `.if` and what belongs to it: which cells run, and what a comparison means.
@MainActor @Suite struct ConditionsTests {
    @Test(arguments: [
        ("1 = 1", true), ("1 = 1.0", true), ("10 > 9", true), ("10 > 9.5", true), ("a < b", true), ("10 < 9", false),
        ("b != b", false), ("b <> c", true), ("2024-01-02 >= 2024-01-01", true), ("1e3 = 1000", true), ("x == x", true),
        ("9007199254740993 = 9007199254740992", false), ("nan = nan", true), ("true", true), ("FALSE", false),
        ("0", false), ("yes", true), ("-1 < 0", true),
    ])
    func valuesAreCompared(_ text: String, _ holds: Bool) throws {
        #expect(try Comparison.holds(text.split(separator: " ").map(String.init)) == holds)
    }

    @Test func nothingElseIsACondition() throws {
        for words in [["maybe"], ["1", "="], ["1", "~", "2"], ["1", "=", "1", "and", "2", "=", "2"]] {
            #expect(throws: UsageError.self) { try Comparison.holds(words) }
        }
        #expect(try Comparison.holds(["", "=", ""]))
    }

    /// Lines of a script; what runs is `x` and a name. `+` is a condition that holds, `-` one that does not, and `!` one that
    /// cannot be judged.
    private func ran(_ lines: String) throws -> String {
        var conditions = Conditions()
        var ran = ""
        for line in lines.split(separator: " ").map(String.init) {
            let isBranch = line.hasPrefix(".")
            let name = String(line.dropFirst().prefix { $0.isLetter })
            let place = SourcePosition(line: 1, column: 1)
            let cell = Cell(isBranch ? .meta("." + name) : .code(.sql, line), start: place)
            if conditions.passesOver(cell, branches: isBranch) { continue }
            if line.hasSuffix("!") {
                conditions.failed(name, at: place)
                continue
            }
            switch name {
            case "if": conditions.begin(line.hasSuffix("+"), at: place)
            case "elif": try conditions.otherwise { line.hasSuffix("+") }
            case "else": try conditions.otherwise()
            case "endif": try conditions.end()
            default: ran += line
            }
        }
        return ran
    }

    @Test(arguments: [
        ("a .if+ b .endif c", "abc"), ("a .if- b .endif c", "ac"), (".if+ a .else b .endif", "a"),
        (".if- a .else b .endif", "b"), (".if- a .elif+ b .elif+ c .else d .endif e", "be"),
        (".if- a .elif- b .else c .endif", "c"), (".if+ a .elif! b .else c .endif", "a"),
        (".if- .if! a .elif! b .else c .endif d .else e .endif", "e"),
        (".if+ .if- a .else b .endif c .endif", "bc"), (".if! a .elif+ b .else c .endif d", "d"),
        (".if- a .elif! b .elif+ c .else d .endif e", "e"), (".if- .if+ .else .endif a .endif b", "b"),
    ])
    func theRightCellsRun(_ lines: String, _ expected: String) throws { #expect(try ran(lines) == expected) }

    @Test(arguments: [".endif", ".else", ".elif+", ".if+ .endif .endif", ".if+ .else .else", ".if- .else .elif+"])
    func whatBelongsToNoIfIsRefused(_ lines: String) { #expect(throws: UsageError.self) { try ran(lines) } }

    /// A block ends with its script, and a script cannot end one of the script around it.
    @Test func blocksBelongToTheirScript() throws {
        var conditions = Conditions()
        conditions.begin(true, at: .init(line: 1, column: 1))
        let before = conditions.enter()
        #expect(throws: UsageError.self) { try conditions.end() }
        conditions.begin(false, at: .init(line: 7, column: 1))
        #expect(conditions.isSkipping)
        #expect(conditions.leave(before)?.line == 7)
        #expect(!conditions.isSkipping)
        try conditions.end()
    }
}
