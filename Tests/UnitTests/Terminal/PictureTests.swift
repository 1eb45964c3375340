import Testing

@testable import Terminal

/// Pictures in the ways of the terminals, as bytes.
@Suite struct PictureTests {
    /// Two grey pixels above each other, black and white.
    static let png: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 2, 8,
        0, 0,
        0, 0, 0xBC, 0xEA, 0xE9, 0xFB, 0, 0, 0, 12, 0x49, 0x44, 0x41, 0x54, 0x78, 0xDA, 0x63, 0x60, 0x60, 0xF8, 0x0F, 0,
        1,
        0x03, 0x01, 0, 0x36, 0x74, 0x11, 0x40, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]

    private func drawing(_ environment: [String: String], color: Bool = true) throws -> String {
        try Picture(file: Self.png).drawn(
            in: TerminalSize(rows: 4, columns: 8), cell: nil, color: color, environment: environment)
    }

    @Test(arguments: [
        (["TERM": "xterm-kitty"], "\u{1B}_G"),
        (
            ["TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app", "LC_TERMINAL": "iTerm2"],
            "\u{1B}]1337;File=inline=1"
        ),
        (["TERM": "mlterm"], "\u{1B}P"),
    ])
    func pixelsGoByTheTerminalsProtocol(_ environment: [String: String], _ start: String) throws {
        #expect(try drawing(environment).contains(start))
        #expect(Picture.hasPixels(environment))
    }

    @Test(arguments: [
        (["TERM": "xterm-256color", "COLORTERM": "truecolor"], "48;2;"), (["TERM": "xterm-256color"], "48;5;"),
        (["TERM": "xterm"], "[37;107m"),
    ])
    func otherTerminalsGetBlocksInTheirColours(_ environment: [String: String], _ color: String) throws {
        let text = try drawing(environment)
        #expect(text.contains(color))
        // One pixel wide and two high: four rows of two columns.
        #expect(text.split(separator: "\n").count == 4)
        #expect(!Picture.hasPixels(environment))
    }

    @Test func withoutColoursThereAreNone() throws {
        let text = try drawing(["TERM": "xterm-256color", "COLORTERM": "truecolor"], color: false)
        #expect(!text.contains("8;2;") && !text.contains("8;5;"))
    }

    @Test(arguments: [Array(png.prefix(8)), Array(png.prefix(40)), Array(png.dropLast(30))])
    func damagedIsRefused(_ bytes: [UInt8]) {
        #expect(throws: Picture.Failure.unreadable) { try Picture(file: bytes) }
    }
}
