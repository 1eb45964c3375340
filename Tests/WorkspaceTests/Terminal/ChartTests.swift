import Support
import Testing

/// `.plot` with gnuplot and without.
@Suite struct ChartTests {
    /// A PNG has its size in bytes 16 to 24 (PNG specification §11.2.2).
    private static func size(ofPNG bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), bytes.count > 24 else { return nil }
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }

    @Test(arguments: [(80, 24), (120, 40)]) func isDrawnInText(_ columns: Int, _ rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows) { replay in
            replay.type("numbers 5;")
            try await replay.prompt(below: "│   4 │     16 │")
            replay.type(".plot bar")
            try await replay.shell.wait(for: "a bar for each row, above the prompt") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.row > 5
                    && screen.lines[screen.row - 6] == "square by n"
                    && screen.lines[screen.row - 2].hasPrefix("3 ███")
                    && screen.lines[screen.row - 1].hasSuffix("██ 16")
                    && screen.lines[screen.row - 1].count > columns - 6
            }
            replay.type(".plot")
            try await replay.shell.wait(for: "the whole line between two scales") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.row > 20
                    && screen.lines[screen.row - 1].drop { $0 == " " } == "n"
                    && screen.lines[screen.row - 2].split(separator: " ").last?.hasPrefix("4") == true
                    && screen.lines.contains { $0.hasPrefix("20 ┤") } && screen.lines.contains("square")
            }
            replay.type(".summary")
            try await replay.prompt(below: "│ square │", "│ █")
        }
    }

    @Test func isDrawnToFiles() async throws {
        try await withReplayShell { replay in
            replay.type("numbers 5;")
            try await replay.prompt(below: "│   4 │     16 │")
            for (name, start) in [("a.png", "\u{89}PNG"), ("b.svg", "<?xml")] {
                replay.type(".plot line \(name)")
                try await replay.prompt(below: "plot saved: \(name)")
                let bytes = try #require(replay.shell.home.bytes(name))
                if name == "a.png" {
                    #expect(Self.size(ofPNG: bytes)! == (1200, 800))
                } else {
                    #expect(
                        bytes.starts(with: start.utf8) && String(decoding: bytes, as: UTF8.self).hasSuffix("</svg>\n\n")
                    )
                }
            }
        }
    }

    @Test func isAPictureWhereThereArePixels() async throws {
        try await withReplayShell(environment: ["TERM": "xterm-kitty"]) { replay in
            replay.type("numbers 5;")
            try await replay.prompt(below: "│   4 │     16 │")
            replay.type(".plot")
            try await replay.shell.wait(for: "the picture and the prompt") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.pictures.last?.isComplete == true
            }
            let file = try #require(replay.shell.screen.pictures.first?.file)
            #expect(Self.size(ofPNG: file)! == (800, 500))
        }
    }

    @Test func withoutGnuplotItsScriptIsSaved() async throws {
        try await withReplayShell(environment: ["PATH": "/nonexistent"], columns: 200) { replay in
            replay.type("numbers 5;")
            try await replay.prompt(below: "│   4 │     16 │")
            replay.type(".plot line a.svg")
            try await replay.prompt(below: "error: .plot needs gnuplot to write files, and it is not", "  → install it")
            let line = try #require(replay.shell.screen.lines.first { $0.contains("is saved: gnuplot ") })
            let path = line.split(separator: " ").first { $0.hasSuffix(".gp") } ?? ""
            let home = replay.shell.home
            #expect(path.hasPrefix(home.path + "/"))
            let script = try #require(home.contents(String(path.dropFirst(home.path.count + 1))))
            #expect(script.contains("4.0\t16.0\n"))
        }
    }
}
