import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    static func keys(_ chunks: [[UInt8]], _ configure: (inout KeyDecoder) -> Void = { _ in }) -> [KeyDecoder.Key] {
        var decoder = KeyDecoder()
        configure(&decoder)
        var keys: [KeyDecoder.Key] = []
        for chunk in chunks {
            decoder.append(chunk, droppingBeforeInterrupt: false)
            while let key = decoder.next() { keys.append(key) }
        }
        return keys
    }

    static func scalars(_ text: String) -> [KeyDecoder.Key] { text.unicodeScalars.map { .scalar($0) } }

    static let cases: [(bytes: [UInt8], keys: [KeyDecoder.Key])] = [
        (Array("aé漢👩".utf8), scalars("aé漢👩")),
        ([0x1B, 0x5B, 0x41], [.scalar(PrivateKey.up.scalar)]),
        ([0x1B, 0x4F, 0x44], [.scalar(PrivateKey.left.scalar)]),
        (Array("\u{1B}[1;5Cx".utf8), [.scalar(PrivateKey.wordRight.scalar), .scalar("x")]),
        // Unknown keys leave no letters behind.
        (Array("\u{1B}[15~x".utf8), scalars("x")),
        // Alt and a letter stay two keys.
        (Array("\u{1B}f".utf8), scalars("\u{1B}f")),
        ([3, 26], [.interrupt, .suspend]),
        // Broken UTF-8: a stray continuation, an overlong form, a surrogate, a C1 control, a cut character.
        ([0x80, 0x61], scalars("\u{FFFD}a")),
        ([0xC0, 0x61], scalars("\u{FFFD}a")),
        ([0xED, 0xA0, 0x80, 0x61], scalars("\u{FFFD}a")),
        ([0xC2, 0x85], scalars("\u{FFFD}")),
        ([0xE6, 0xBC, 0x61], scalars("\u{FFFD}a")),
        ([0xFF], scalars("\u{FFFD}")),
    ]

    /// However the bytes are cut into chunks, the keys are the same.
    @Test(arguments: cases.indices) func keysDoNotDependOnChunks(index: Int) {
        let (bytes, expected) = Self.cases[index]
        #expect(Self.keys([bytes]) == expected)
        #expect(Self.keys(bytes.map { [$0] }) == expected)
        for cut in bytes.indices { #expect(Self.keys([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected) }
    }

    @Test func loneEscapeIsAKeyWhenNothingFollows() {
        var decoder = KeyDecoder()
        decoder.append([0x1B], droppingBeforeInterrupt: false)
        #expect(decoder.next() == nil)
        #expect(decoder.isWithinEscape)
        #expect(decoder.takeLoneEscape() == .scalar("\u{1B}"))
        #expect(!decoder.hasBytes)
    }

    @Test func cursorReportIsOneOnlyWhenDue() {
        let report = Array("\u{1B}[12;3R".utf8)
        #expect(Self.keys([report]) { $0.awaitsReport = true } == [.cursorReport(column: 3)])
        #expect(Self.keys([report]) == [])
    }

    @Test func sequencesAreLeftToTheUsersBindings() {
        #expect(Self.keys([Array("\u{1B}[A".utf8)]) { $0.leavesSequences = true } == Self.scalars("\u{1B}[A"))
    }

    @Test func interruptDropsWhatWasTypedBefore() {
        var decoder = KeyDecoder()
        decoder.append(Array("half\u{3}x".utf8), droppingBeforeInterrupt: true)
        #expect(decoder.next() == .interrupt)
        #expect(decoder.next() == .scalar("x"))
        // Not when it may be inside a paste.
        decoder.append(Array("\u{1B}[200~a\u{3}b".utf8), droppingBeforeInterrupt: true)
        #expect(decoder.next() == .scalar(PrivateKey.paste.scalar))
    }

    @Test func pasteEndsAtItsMark() {
        let bytes = Array("\u{1B}[200~a\u{1B}[B\u{1B}[201~rest".utf8)
        for size in 1...bytes.count {
            var decoder = KeyDecoder()
            var pasted: [UInt8] = []
            var isPasting = false
            var after: [KeyDecoder.Key] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                decoder.append(bytes[start..<min(start + size, bytes.count)], droppingBeforeInterrupt: false)
                while true {
                    if isPasting {
                        let part = decoder.takePaste()
                        pasted += part.bytes
                        isPasting = !part.isComplete
                        if isPasting { break }
                    } else if let key = decoder.next() {
                        if key == .scalar(PrivateKey.paste.scalar) { isPasting = true } else { after.append(key) }
                    } else {
                        break
                    }
                }
            }
            #expect(String(decoding: pasted, as: UTF8.self) == "a\u{1B}[B")
            #expect(after == Self.scalars("rest"))
        }
    }
}
