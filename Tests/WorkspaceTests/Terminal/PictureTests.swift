import FoundationEssentials
import Glibc
import LocalWorkspace
import Support
import Testing

/// Pictures on the terminal: in its cells, as pixels, and saved beside it.
@Suite struct PictureTests {
    /// Left half red, right half blue, 200 × 100 pixels.
    static let halves = PNGFile.bytes(width: 200, height: 100) { x, _ in x < 100 ? (255, 0, 0) : (0, 0, 255) }

    /// Puts a file where the workspace's `/plots` are.
    static func put(_ bytes: [UInt8], _ name: String, in replay: ReplayShell) throws {
        for folder in ["/dbfs", "/dbfs/FileStore", "/dbfs/FileStore/plots"] {
            mkdir(replay.gate.directory + folder, 0o700)
        }
        let descriptor = open("\(replay.gate.directory)/dbfs/FileStore/plots/\(name)", O_WRONLY | O_CREAT, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// A terminal, and what red and blue are there.
    static let terminals: [(environment: [String: String], red: String, blue: String)] = [
        (["COLORTERM": "truecolor"], "2;255;0;0", "2;0;0;255"), ([:], "5;196", "5;21"), (["TERM": "xterm"], "91", "94"),
    ]

    /// 24 rows leave 21 for the picture, which is twice as wide as high: 84 columns of half a row's height.
    @Test(arguments: terminals.indices) func isDrawnInBlocksAndTheFooterFollows(_ index: Int) async throws {
        let (environment, red, blue) = Self.terminals[index]
        try await withReplayShell(environment: environment, isQuiet: false) { replay in
            try Self.put(Self.halves, "halves.png", in: replay)
            replay.type("%python shows /plots/halves.png")
            try await replay.shell.wait(for: "the footer, and the prompt at the bottom") { screen in
                screen.row == 23 && screen.cursorLine == ReplayShell.prompt && screen.lines[22].hasSuffix(" s")
            }
            let screen = replay.shell.screen
            #expect(screen.lines[0] == "sql @local> %python shows /plots/halves.png")
            for row in 1...21 {
                let fills = (0..<90).map { screen.look(row, $0).fill(of: screen.glyph(row, $0)) }
                #expect(fills[..<41].allSatisfy { $0 == red }, "row \(row): \(fills)")
                #expect(fills[43..<84].allSatisfy { $0 == blue }, "row \(row): \(fills)")
                #expect(fills[84...].allSatisfy { $0 == nil }, "row \(row): \(fills)")
            }
            #expect(screen.pictures.isEmpty)
        }
    }

    static let pixelTerminals: [(environment: [String: String], kind: TerminalPicture.Kind)] = [
        (["TERM": "xterm-kitty"], .kitty), (["TERM_PROGRAM": "iTerm.app", "LC_TERMINAL": "iTerm2"], .iTerm2),
        (["TERM": "mlterm"], .sixel),
    ]

    /// The terminal does not say how large a cell is: 10 × 20 pixels are assumed.
    @Test(arguments: pixelTerminals.indices) func isDrawnInPixelsAndTheFooterFollows(_ index: Int) async throws {
        let (environment, kind) = Self.pixelTerminals[index]
        try await withReplayShell(environment: environment, isQuiet: false) { replay in
            try Self.put(Self.halves, "halves.png", in: replay)
            replay.type("%python shows /plots/halves.png")
            try await replay.shell.wait(for: "the footer, and the prompt below it") { screen in
                screen.row == 8 && screen.cursorLine == ReplayShell.prompt && screen.lines[7].hasSuffix(" s")
            }
            let picture = try #require(replay.shell.screen.pictures.first)
            #expect(picture.kind == kind && picture.isComplete)
            #expect(picture.row == 2 && picture.column == 0)
            #expect(picture.columns == 20 && picture.rows == 5)
            if kind == .sixel {
                // Sixels are six pixels high.
                #expect(picture.parameters == ["width": "200", "height": "96"])
                #expect(picture.text.contains("#0;2;"))
            } else {
                #expect(picture.file == Self.halves)
            }
            #expect(replay.shell.screen.lines[2...6].joined() == "", "data on the screen")
        }
    }

    /// More than the service gives at a time, so it comes in several reads; larger than the window, so it is made smaller.
    @Test func isReadFromDBFSInPieces() async throws {
        let large = PNGFile.bytes(width: 1000, height: 800) { x, y in (UInt8(x % 256), UInt8(y % 256), 128) }
        #expect(large.count > 2 << 20)
        try await withReplayShell(environment: ["TERM": "xterm-kitty"]) { replay in
            try Self.put(large, "large.png", in: replay)
            replay.type("%python shows /plots/large.png")
            try await replay.shell.wait(for: "the picture and the prompt") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.pictures.last?.isComplete == true
            }
            #expect(replay.requests("GET /api/2.0/dbfs/read ") == 3)
            let picture = try #require(replay.shell.screen.pictures.first)
            #expect(picture.columns == 53 && picture.rows == 21)
            #expect(picture.file == large)
        }
    }

    /// The other formats, by data URLs: as cells, as PNG for kitty, and as they are for iTerm2.
    @Test(arguments: [("jpeg", PictureFiles.jpeg), ("gif", PictureFiles.gif), ("webp", PictureFiles.webp)])
    func otherFormatsAreDrawn(_ type: String, _ bytes: [UInt8]) async throws {
        let code = "%python shows data:image/\(type);base64,\(Data(bytes).base64EncodedString())"
        try await withReplayShell { replay in
            replay.type(code)
            try await replay.shell.wait(for: "the prompt at the bottom, and red and blue above it") { screen in
                func fill(_ column: Int) -> String? { screen.look(10, column).fill(of: screen.glyph(10, column)) }
                return screen.row == 23 && screen.cursorLine == ReplayShell.prompt && fill(20) == "5;196"
                    && fill(60) == "5;21"
            }
        }
        for (environment, kind) in Self.pixelTerminals where kind != .sixel {
            try await withReplayShell(environment: environment) { replay in
                replay.type(code)
                try await replay.shell.wait(for: "the picture and the prompt") { screen in
                    screen.cursorLine == ReplayShell.prompt && screen.pictures.last?.isComplete == true
                }
                let picture = try #require(replay.shell.screen.pictures.first)
                #expect(picture.kind == kind && picture.columns == 20 && picture.rows == 5)
                if kind == .kitty {
                    #expect(picture.file?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
                } else {
                    #expect(picture.file == bytes)
                }
            }
        }
    }

    /// Where nothing here can decode it, a terminal that can still gets it.
    @Test func iTerm2DecodesWithoutUs() async throws {
        let hiding = try ScratchDirectory()
        try hiding.write("", to: "libgd.so.3")
        let data = Data(PictureFiles.jpeg).base64EncodedString()
        let terminals = [["TERM_PROGRAM": "iTerm.app", "LC_TERMINAL": "iTerm2"], ["TERM": "xterm-kitty"]]
        for environment in terminals {
            let all = environment.merging(["LD_LIBRARY_PATH": hiding.path]) { $1 }
            try await withReplayShell(environment: all, columns: 150) { replay in
                replay.type("%python shows data:image/jpeg;base64,\(data)")
                if environment["TERM"] == nil {
                    try await replay.shell.wait(for: "the picture") { $0.pictures.last?.file == PictureFiles.jpeg }
                } else {
                    try await replay.prompt(below: "(not drawn: libgd is not installed (Debian package libgd3))")
                }
            }
        }
    }

    /// Data URLs, by what they hold: what is said of them, and the end of the file's name.
    static let others = [
        ("image/jpeg;base64,/9j/4AAQ", "jpg", "it is damaged"),
        ("image/gif;base64,R0lGODlh", "gif", "it is damaged"),
        ("image/svg+xml;base64,PHN2Zy8+", "svg", "only PNG, JPEG, GIF and WebP are"),
        ("image/webp;base64,UklGRhoAAABXRUJQ", "webp", "it is damaged"),
        ("image/png;base64,iVBORw0KGgo=", "png", "it is damaged"),
    ]

    @Test func whatIsNotDrawnIsSavedAndSaysWhere() async throws {
        try await withReplayShell(columns: 150) { replay in
            for (data, suffix, why) in Self.others {
                replay.type("%python shows data:\(data)")
                try await replay.prompt(below: ".\(suffix) (not drawn: \(why))")
                let line = try #require(replay.shell.screen.lines.last { $0.hasPrefix("picture saved: ") })
                let path = String(line.dropFirst("picture saved: ".count).prefix { $0 != " " })
                #expect(path.hasPrefix(replay.shell.home.path + "/.local/state/dbsh/pictures/"))
                var status = stat()
                #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size > 0)
            }
            replay.type("%python shows data:image/png;base64,notbase64!")
            try await replay.prompt(below: "a picture came that is not valid base64")
            replay.type("%python shows /plots/nosuch.png")
            try await replay.prompt(below: "picture at dbfs:/FileStore/plots/nosuch.png, which cannot be read: ")
        }
    }

    /// `.image DIR` draws and saves, `.image off` saves alone.
    @Test func imageSaysWhatHappensToPictures() async throws {
        try await withReplayShell(environment: ["TERM": "xterm-kitty"], columns: 150, isQuiet: false) { replay in
            try Self.put(Self.halves, "halves.png", in: replay)
            replay.type(".image kept")
            try await replay.prompt()
            replay.type("%python shows /plots/halves.png /plots/halves.png")
            try await replay.prompt(below: "picture saved: kept/")
            #expect(replay.shell.screen.pictures.count == 2)
            let saved = replay.shell.screen.lines.filter { $0.hasPrefix("picture saved: kept/") }
            #expect(saved.count == 2 && saved.first != saved.last)
            for line in saved {
                let path = String(line.dropFirst("picture saved: ".count))
                #expect(replay.shell.home.bytes(path) == Self.halves)
            }
            replay.type(".image off")
            try await replay.prompt()
            replay.type("%python shows /plots/halves.png")
            try await replay.prompt(below: "picture saved: \(replay.shell.home.path)/.local/state/dbsh/pictures/")
            #expect(replay.shell.screen.pictures.count == 2)
            replay.type(".image on")
            try await replay.prompt()
            replay.type("%python shows /plots/halves.png")
            try await replay.shell.wait(for: "a third picture") { $0.pictures.count == 3 }
        }
    }

    /// A library that cannot be opened stands before the real one.
    @Test(arguments: ["libchafa.so.0", "libpng16.so.16"])
    func withoutTheLibraryItIsSaved(_ library: String) async throws {
        let hiding = try ScratchDirectory()
        try hiding.write("", to: library)
        try await withReplayShell(environment: ["LD_LIBRARY_PATH": hiding.path], columns: 150) { replay in
            try Self.put(Self.halves, "halves.png", in: replay)
            replay.type("%python shows /plots/halves.png")
            let name = library.prefix { $0 != "." && !$0.isNumber }
            try await replay.prompt(below: "(not drawn: \(name) is not installed (Debian package \(name)")
        }
    }

    @Test func pipedPictureIsSaved() async throws {
        try await withReplayWorkspace { workspace, _ in
            let home = try ScratchDirectory()
            let run = try await ShellCommand(
                "\(ServedWorkspace.binary) --cluster local -c '%python shows data:image/png;base64,iVBORw0KGgo='",
                in: home.path,
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": home.path, "DATABRICKS_HOST": workspace.url,
                    "DATABRICKS_TOKEN": workspace.token,
                ]
            ).run()
            #expect(run.status == 0)
            #expect(run.output == "")
            #expect(run.errors.hasPrefix("picture saved: \(home.path)/.local/state/dbsh/pictures/"))
            #expect(!run.errors.contains("not drawn"), "nothing was to be drawn")
        }
    }
}
