import Testing

@testable import Terminal

@Suite struct CompletionMenuTests {
    static func menu(_ candidates: [Candidate]) -> CompletionMenu {
        CompletionMenu(candidates, base: EditBuffer(), replacing: 0..<0)
    }

    @Test(arguments: [
        (["select", "set"], "se"), (["a", "b"], ""), (["漢字", "漢数"], "漢"), (["x"], "x"), (["e\u{301}a", "ea"], ""),
        ([], ""),
    ])
    func commonPrefix(candidates: [String], prefix: String) {
        #expect(CompletionMenu.commonPrefix(of: candidates.map { Candidate($0) }) == prefix)
    }

    @Test func goesRound() {
        var menu = Self.menu(["a", "b", "c"].map { Candidate($0) })
        #expect(menu.choose(.backward).text == "c")
        #expect(menu.choose(.forward).text == "a")
        #expect(menu.choose(.forward).text == "b")
        var fresh = Self.menu([Candidate("x"), Candidate("y")])
        #expect(fresh.choose(.forward).text == "x")
    }

    @Test func notesStandInAColumn() {
        let rows = Self.menu([Candidate("漢字", note: "wide"), Candidate("a"), Candidate("bcdefg", note: "a long note")])
            .rows(width: 20, height: 5, policy: .clusters)
        #expect(rows.map(\.text) == ["漢字    -- wide", "a", "bcdefg  -- a long …"])
    }

    @Test func columnsAreFilledDownwards() {
        let menu = Self.menu((1...7).map { Candidate("c\($0)") })
        #expect(
            menu.rows(width: 13, height: 5, policy: .clusters).map(\.text) == [" c1  c4  c7 ", " c2  c5 ", " c3  c6 "])
    }

    @Test func moreThanFitsScrollsWithTheChoice() {
        var menu = Self.menu((1...9).map { Candidate("c\($0)") })
        #expect(
            menu.rows(width: 5, height: 3, policy: .clusters).map(\.text) == [
                " c1 ", " c2 ", "(9 candidates, 7 more rows)",
            ])
        _ = menu.choose(.backward)
        #expect(menu.rows(width: 5, height: 3, policy: .clusters).map(\.text).prefix(2) == [" c8 ", "*c9 "])
    }

    @Test func namesFromAServerAreHarmless() {
        let rows = Self.menu([Candidate("a\u{1B}[31m"), Candidate("b", note: "x\ny")])
            .rows(width: 40, height: 5, policy: .clusters)
        #expect(rows.allSatisfy { !$0.text.unicodeScalars.contains { $0.value < 0x20 } })
    }
}
