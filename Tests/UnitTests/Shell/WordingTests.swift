import Databricks
import Terminal
import Testing
import Text

@testable import Shell

@MainActor @Suite struct WordingTests {
    @Test(
        arguments: [
            ("\nPARSE at 'x'\n\n== SQL ==\nx\n^\n", "PARSE at 'x'", "== SQL ==\nx\n^"), ("one line", "one line", nil),
            ("  \n \n", "the workspace reported an error without a message", nil), ("a\n\n\nb\n\n", "a", "b"),
        ] as [(String, String, String?)])
    func messagesBecomeHeadlineAndDetail(_ message: String, _ headline: String, _ detail: String?) {
        let parts = Report.parts(of: message)
        #expect(parts.headline == headline)
        #expect(parts.detail == detail)
    }

    @Test func aReportIsHarmlessAndPlainWithoutColour() {
        let report = Report("bad \u{1B}[31mname\u{7}", detail: "line\u{1B}]0;title\u{7}", hint: "try\n.help")
        let text = report.text(color: false, location: "a.dbsh:3")
        #expect(text.hasPrefix("a.dbsh:3: error: bad "))
        #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
    }

    @Test func whoCancelledAStatementIsSaidAsFarAsItIsKnown() {
        func hint(_ state: StatementState) -> String? {
            Report(StatementError(statementID: "1", state: state, message: "the statement was cancelled")).hint
        }
        #expect(hint(.canceled) == "somebody cancelled it, or its warehouse stopped")
        #expect(hint(.failed) == nil)
    }

    @Test func transcriptsNameNoFileOfPictures() {
        let line = "! picture saved: /home/a b/.local/state/dbsh/pictures/4711-2.png (not drawn: it is damaged)"
        #expect(
            ScriptTranscript.normalized(line) == "! picture saved: PICTURE.png (not drawn: it is damaged)")
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (39960, "39,960"), (1_234_567, "1,234,567"), (-1234, "-1,234"),
    ])
    func numbersAreGrouped(_ number: Int, _ text: String) { #expect(Quantity.grouped(number) == text) }

    @Test(arguments: [
        (Duration.milliseconds(4), "0.00 s"), (.milliseconds(412), "0.41 s"), (.milliseconds(9994), "9.99 s"),
        (.milliseconds(12_340), "12.3 s"), (.seconds(60), "1 min 00 s"), (.seconds(125), "2 min 05 s"),
        (.milliseconds(59_960), "60.0 s"),
    ])
    func timesAreShort(_ duration: Duration, _ text: String) { #expect(Quantity.seconds(duration) == text) }
}

@MainActor @Suite struct TargetLookupTests {
    private struct Item { var id: String, name: String }
    private let items = [
        Item(id: "1", name: "dev"), Item(id: "2", name: "Dev"), Item(id: "3", name: "prod-a"),
        Item(id: "4", name: "prod-b"),
        Item(id: "5", name: "twin"), Item(id: "6", name: "twin"),
    ]

    private func find(_ reference: String) throws -> String {
        try TargetLookup.find(reference, kind: "cluster", in: items, id: \.id, name: \.name).id
    }

    @Test(arguments: [("3", "3"), ("dev", "1"), ("Dev", "2"), ("PROD-A", "3"), ("prod-b", "4")])
    func findsByIdThenNameThenCase(_ reference: String, _ id: String) throws { #expect(try find(reference) == id) }

    @Test(arguments: ["prod", "twin", "nosuch", "DEV"]) func refusesWhatIsNotOne(_ reference: String) {
        #expect(throws: UsageError.self) { try find(reference) }
    }
}

@Suite struct HighlighterTests {
    @Test(arguments: [
        ("select 'a;' -- c", [0..<6, 7..<11, 12..<16]), (".mode csv", [0..<5]), ("%python x = 1", [0..<7, 12..<13]),
        ("select `a` from t", [0..<6, 7..<10, 11..<15]), ("'open", [0..<5]),
    ])
    func spansAreInOrderAndWithinTheText(_ text: String, _ ranges: [Range<Int>]) {
        #expect(Highlighter.spans(in: text, language: .sql).map(\.range) == ranges)
    }
}
