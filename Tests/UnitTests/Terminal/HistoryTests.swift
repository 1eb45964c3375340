import Glibc
import Support
import Testing

@testable import Terminal

@Suite struct HistoryTests {
    @Test(arguments: ["a", "a\nb", "back\\slash", "\\n literal", "é漢\n\\\\x\n", "\\", "\n"])
    func linesOfTheFileRoundTrip(entry: String) {
        let line = HistoryFile.encode(entry)
        #expect(!line.contains("\n"))
        #expect(HistoryFile.decode(line) == entry)
    }

    @Test func keepsWholeCellsForTheNextSession() throws {
        let home = try ScratchDirectory()
        let path = home.path("state/dbsh/history")
        let first = History(path: path)
        for entry in ["select 1;", "select 1;", "select\n  'é漢\\';", " private;", "  ", "select 1;"] {
            first.add(entry)
        }
        let expected = ["select 1;", "select\n  'é漢\\';", "select 1;"]
        #expect(first.entries == expected)
        let second = History(path: path)
        second.refresh()
        #expect(second.entries == expected)

        var status = stat()
        stat(path, &status)
        #expect(status.st_mode & 0o777 == 0o600)
        stat(home.path("state/dbsh"), &status)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test func refusesWhatIsPrivate() throws {
        let history = History(path: nil) { !$0.contains("token") }
        #expect(history.add("a"))
        #expect(!history.add("set token"))
        #expect(!history.add("a"))
        #expect(history.entries == ["a"])
    }

    @Test func sessionsSeeEachOther() throws {
        let home = try ScratchDirectory()
        let (one, two) = (History(path: home.path("h")), History(path: home.path("h")))
        one.add("a")
        two.add("b")
        one.add("c")
        two.refresh()
        #expect(two.entries == ["a", "b", "c"])
        // The last entry of all sessions counts as the last.
        #expect(!two.add("c"))
    }

    /// Eight sessions at once, with trimming going on: nothing is lost but the oldest.
    @Test func sessionsLoseNothing() async throws {
        let home = try ScratchDirectory()
        let path = home.path("h")
        await withTaskGroup { group in
            for session in 0..<8 {
                group.addTask {
                    let history = History(path: path, limit: 100)
                    for number in 0..<50 { history.add("session \(session)\nentry \(number)") }
                }
            }
        }
        let lines = home.contents("h")!.split(separator: "\n")
        #expect((100...201).contains(lines.count))
        let history = History(path: path, limit: 400)
        history.refresh()
        for session in 0..<8 {
            // In each session's own order, without gaps to its end.
            let numbers = history.entries.compactMap { entry -> Int? in
                entry.hasPrefix("session \(session)\n") ? Int(entry.split(separator: " ").last!) : nil
            }
            #expect(numbers == Array((50 - numbers.count)..<50))
        }
    }

    @Test func isTrimmedAndStaysReadable() throws {
        let home = try ScratchDirectory()
        let (writer, reader) = (History(path: home.path("h"), limit: 5), History(path: home.path("h"), limit: 5))
        for number in 1...10 { writer.add("\(number)") }
        reader.refresh()
        #expect(home.contents("h")!.split(separator: "\n").count == 10)
        writer.add("11")
        #expect(home.contents("h") == "7\n8\n9\n10\n11\n")
        reader.refresh()
        #expect(reader.entries == ["7", "8", "9", "10", "11"])
        reader.add("12")
        #expect(home.contents("h") == "7\n8\n9\n10\n11\n12\n")
    }

    @Test func completesALineThatWasCutOff() throws {
        let home = try ScratchDirectory()
        try home.write("whole\nhal", to: "h")
        let history = History(path: home.path("h"))
        history.refresh()
        #expect(history.entries == ["whole"])
        history.add("next")
        #expect(history.entries == ["whole", "hal", "next"])
    }

    @Test func keepsEntriesInMemoryWhenTheFileCannotBeHad() {
        let history = History(path: "/proc/nowhere/history")
        #expect(history.add("a"))
        #expect(history.entries == ["a"])
    }

    @Test func mirrorGetsWhatIsNew() {
        let history = History(path: nil)
        history.add("a")
        let first = history.news(since: 0, generation: 0)
        #expect(Array(first.entries) == ["a"])
        history.add("b")
        #expect(Array(history.news(since: first.total, generation: first.generation).entries) == ["b"])
    }

    @Test func walkGoesThroughTheHistoryAndBack() {
        var walk = HistoryWalk(entries: ["select 1", "update", "select 2"])
        #expect(walk.step(.newer, from: "typed", matchingPrefix: false) == nil)
        #expect(walk.step(.older, from: "typed", matchingPrefix: false) == "select 2")
        // A change on the way is kept.
        #expect(walk.step(.older, from: "select 2 changed", matchingPrefix: false) == "update")
        #expect(walk.step(.newer, from: "update", matchingPrefix: false) == "select 2 changed")
        #expect(walk.step(.newer, from: "select 2 changed", matchingPrefix: false) == "typed")
        #expect(!walk.isWalking)
    }

    @Test func walkStopsAtWhatBeginsAsTyped() {
        var walk = HistoryWalk(entries: ["select 1", "update", "select 2"])
        #expect(walk.step(.older, from: "sel", matchingPrefix: true) == "select 2")
        #expect(walk.step(.older, from: "select 2", matchingPrefix: true) == "select 1")
        #expect(walk.step(.older, from: "select 1", matchingPrefix: true) == nil)
        #expect(HistoryWalk(entries: ["select 1", "select 22"]).suggestion(for: "select") == " 22")
    }

    @Test func searchGoesToOlderEntries() {
        let walk = HistoryWalk(entries: ["漢字 one", "two", "zwei 漢字"])
        var search = IncrementalSearch()
        for scalar in "漢字".unicodeScalars { search.type(scalar, walk) }
        #expect(search.found?.index == 2)
        #expect(search.found?.position == 5)
        search.older(walk)
        #expect(search.found?.index == 0)
        search.older(walk)
        #expect(search.hasFailed)
        #expect(search.prompt == "(failed reverse-i-search)`漢字': ")
        search.deleteLast(walk)
        #expect(search.found?.index == 2)
    }
}
