import FoundationEssentials
import Support
import System
import Testing

@testable import Terminal

/// Pictures of the formats that libgd decodes: judged before, decoded, and sent on.
@Suite struct PictureFormatTests {
    static let files: [(format: PictureHeader.Format, bytes: [UInt8])] = [
        (.jpeg, PictureFiles.jpeg), (.jpeg, PictureFiles.progressiveJPEG), (.gif, PictureFiles.gif),
        (.webp, PictureFiles.webp), (.webp, PictureFiles.losslessWebP), (.webp, PictureFiles.alphaWebP),
    ]

    private func drawing(_ bytes: [UInt8], _ environment: [String: String], columns: Int = 40) throws -> String {
        try Picture(file: bytes).drawn(
            in: TerminalSize(rows: 10, columns: columns), cell: nil, color: true, environment: environment)
    }

    /// The file in the pieces of kitty's protocol.
    private func kittyFile(_ text: String) throws -> [UInt8] {
        let pieces = text.split(separator: "\u{1B}\\").map { $0.drop { $0 != ";" }.dropFirst() }
        return [UInt8](try #require(Data(base64Encoded: pieces.joined())))
    }

    @Test(arguments: files.indices) func headerSaysFormatAndSize(_ index: Int) throws {
        let (format, bytes) = Self.files[index]
        let header = try PictureHeader(bytes)
        #expect(header.format == format)
        #expect(header.width == 200 && header.height == 100)
    }

    @Test(arguments: files.indices) func isDrawnInBlocks(_ index: Int) throws {
        let text = try drawing(Self.files[index].bytes, ["TERM": "xterm-256color"])
        let rows = text.split(separator: "\n")
        #expect(rows.count == 10)
        for row in rows.dropFirst() {
            let red = try #require(row.firstRange(of: "5;196"))
            let blue = try #require(row.firstRange(of: "5;21"))
            #expect(red.lowerBound < blue.lowerBound)
        }
        // The second frame is green.
        #expect(!text.contains("5;46"))
    }

    /// kitty gets a PNG file no larger than the cells that it fills, iTerm2 the file as it is.
    @Test(arguments: files.indices) func isSentAsTheTerminalTakesIt(_ index: Int) throws {
        let bytes = Self.files[index].bytes
        for (columns, width) in [(40, 200), (10, 100)] {
            let text = try drawing(bytes, ["TERM": "xterm-kitty"], columns: columns)
            let png = try kittyFile(text)
            let header = try PictureHeader(png)
            #expect(header.format == .png && header.width == width && header.height == width / 2)
            let picture = try Picture(file: png)
            #expect(picture.pixel(1, 1).map { $0 > 128 } == [true, false, false, true])
            #expect(picture.pixel(width - 2, 1).map { $0 > 128 } == [false, false, true, true])
        }
        let text = try drawing(bytes, ["TERM": "xterm", "TERM_PROGRAM": "iTerm.app", "LC_TERMINAL": "iTerm2"])
        #expect(text.contains("size=\(bytes.count);width=20;height=5;"))
    }

    @Test func transparencyIsKept() throws {
        let picture = try Picture(file: PictureFiles.transparentGIF)
        #expect(picture.pixel(0, 0) == [255, 0, 0, 255])
        #expect(picture.pixel(3, 1)[3] == 0)
    }

    /// Cut anywhere, a file is either unreadable or what is missing does not belong to the picture: nothing crashes, and no half of a
    /// picture is drawn.
    @Test(arguments: files.indices) func damagedIsRefused(_ index: Int) throws {
        let bytes = Self.files[index].bytes
        let needed = bytes.count * (index == 2 ? 1 : 3) / 4
        for end in stride(from: 12, to: needed, by: 7) {
            #expect(throws: Picture.Failure.unreadable) { try Picture(file: Array(bytes.prefix(end))) }
        }
    }

    @Test func otherFilesAreUnknown() {
        for bytes in [Array("<svg xmlns".utf8), [], Array("RIFF1234WAVEfmt ".utf8), Array("GIF8".utf8)] {
            #expect(throws: Picture.Failure.unknown) { try Picture(file: bytes) }
        }
        // Two frames are too much for libgd, which says so by failing.
        #expect(throws: Picture.Failure.unreadable) { try Picture(file: PictureFiles.animatedWebP) }
    }

    /// A few bytes that claim to be 30,000 pixels wide and high are refused before anything is decoded.
    @Test func bombsAreRefused() {
        let huge = [0x30, 0x75] as [UInt8]  // 30000, the low byte first
        let hugeBig = [0x75, 0x30] as [UInt8]
        func with(_ bytes: [UInt8], _ changes: [(at: Int, to: [UInt8])]) -> [UInt8] {
            changes.reduce(into: bytes) { $0.replaceSubrange($1.at..<$1.at + $1.to.count, with: $1.to) }
        }
        let frame = PictureFiles.jpeg.indices.first { PictureFiles.jpeg[$0...].starts(with: [0xFF, 0xC0]) }!
        let image = PictureFiles.gif.indices.first { PictureFiles.gif[$0...].starts(with: [0x2C, 0, 0, 0, 0]) }!
        let bombs = [
            with(PictureFiles.jpeg, [(frame + 5, hugeBig), (frame + 7, hugeBig)]),
            with(PictureFiles.gif, [(6, huge), (8, huge), (image + 5, huge), (image + 7, huge)]),
            with(PictureFiles.alphaWebP, [(24, huge), (27, huge)]),
            with(PNGFile.bytes(width: 1, height: 1) { _, _ in (0, 0, 0) }, [(18, hugeBig), (22, hugeBig)]),
        ]
        for (bytes, size) in zip(bombs, [30_000, 30_000, 30_001, 30_000]) {
            #expect(throws: Picture.Failure.tooLarge(width: size, height: size)) { try Picture(file: bytes) }
        }
        // A frame that is larger than its screen, a screen that is larger than its frame.
        #expect(throws: Picture.Failure.self) {
            try Picture(file: with(PictureFiles.gif, [(image + 5, [0, 8]), (image + 7, [0, 8])]))
        }
        #expect((try? Picture(file: with(PictureFiles.gif, [(6, huge), (8, huge)])))?.width == 200)
    }
}

extension Picture {
    /// Red, green, blue and alpha of a pixel of a picture that was decoded.
    fileprivate func pixel(_ x: Int, _ y: Int) -> [UInt8] {
        // The buffer holds four bytes for each of its pixels.
        Array(UnsafeBufferPointer(start: pixels!.bytes + 4 * (y * width + x), count: 4))
    }
}
