import FoundationEssentials
import Testing

@testable import Results

/// Arrow streams of several chunks made one.
@Suite("Arrow streams")
struct ArrowJoinerTests {
    /// Three streams with the schema (id: int64, s: utf8, d: dictionary<utf8>), of 6, 4 and 5 rows; the first has two record
    /// batches. Written by pyarrow 26.0.1.
    private static let streams: [[UInt8]] = [
        "//////gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAEAAAAtP///wQAAAADAAAAmAAAAFwAAAAUAAAAEAAYAAgABgAHAAwAEAAUABAA"
            + "AAAAAAEFFAAAADQAAAAcAAAABAAAAAAAAAABAAAAZAAAAAgACAAAAAQACAAAAAQAAACY////AAAAASAAAADc////2P///wAAAQUQAAAA"
            + "GAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAACAAAAaWQAAAgA"
            + "DAAIAAcACAAAAAAAAAFAAAAAAAAAAP////+oAAAAFAAAAAAAAAAMABQABgAFAAgADAAMAAAAAAIEABQAAAAQAAAAAAAAAAgACgAAAAQA"
            + "CAAAABAAAAAAAAoAGAAMAAQACAAKAAAATAAAABAAAAABAAAAAAAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAAAAAAA"
            + "AAAIAAAAAAAAAAUAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAUAAABkaWN0MAAAAP/////4AAAAFAAAAAAAAAAMABYA"
            + "BgAFAAgADAAMAAAAAAMEABgAAABIAAAAAAAAAAAACgAYAAwABAAIAAoAAACMAAAAEAAAAAMAAAAAAAAAAAAAAAcAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAYAAAAAAAAABgAAAAAAAAAAQAAAAAAAAAgAAAAAAAAABAAAAAAAAAAMAAAAAAAAAAGAAAAAAAAADgAAAAAAAAA"
            + "AAAAAAAAAAA4AAAAAAAAAAwAAAAAAAAAAAAAAAMAAAADAAAAAAAAAAAAAAAAAAAAAwAAAAAAAAABAAAAAAAAAAMAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAEAAAAAAAAAAgAAAAAAAAAFAAAAAAAAAAAAAAADAAAAAwAAAAYAAABzMDBzMDIAAAAAAAAAAAAAAAAAAAAAAAD/////"
            + "+AAAABQAAAAAAAAADAAWAAYABQAIAAwADAAAAAADBAAYAAAASAAAAAAAAAAAAAoAGAAMAAQACAAKAAAAjAAAABAAAAADAAAAAAAAAAAA"
            + "AAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGAAAAAAAAAAYAAAAAAAAAAEAAAAAAAAAIAAAAAAAAAAQAAAAAAAAADAAAAAAAAAA"
            + "BgAAAAAAAAA4AAAAAAAAAAAAAAAAAAAAOAAAAAAAAAAMAAAAAAAAAAAAAAADAAAAAwAAAAAAAAAAAAAAAAAAAAMAAAAAAAAAAQAAAAAA"
            + "AAADAAAAAAAAAAAAAAAAAAAACgAAAAAAAAALAAAAAAAAAAwAAAAAAAAABQAAAAAAAAAAAAAAAwAAAAMAAAAGAAAAczAwczAyAAAAAAAA"
            + "AAAAAAAAAAAAAAAA/////wAAAAA=",
        "//////gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAEAAAAtP///wQAAAADAAAAmAAAAFwAAAAUAAAAEAAYAAgABgAHAAwAEAAUABAA"
            + "AAAAAAEFFAAAADQAAAAcAAAABAAAAAAAAAABAAAAZAAAAAgACAAAAAQACAAAAAQAAACY////AAAAASAAAADc////2P///wAAAQUQAAAA"
            + "GAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAACAAAAaWQAAAgA"
            + "DAAIAAcACAAAAAAAAAFAAAAAAAAAAP////+oAAAAFAAAAAAAAAAMABQABgAFAAgADAAMAAAAAAIEABQAAAAQAAAAAAAAAAgACgAAAAQA"
            + "CAAAABAAAAAAAAoAGAAMAAQACAAKAAAATAAAABAAAAABAAAAAAAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAAAAAAA"
            + "AAAIAAAAAAAAAAUAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAUAAABkaWN0MQAAAP/////4AAAAFAAAAAAAAAAMABYA"
            + "BgAFAAgADAAMAAAAAAMEABgAAABgAAAAAAAAAAAACgAYAAwABAAIAAoAAACMAAAAEAAAAAQAAAAAAAAAAAAAAAcAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAgAAAAAAAAACAAAAAAAAAAAQAAAAAAAAAoAAAAAAAAABQAAAAAAAAAQAAAAAAAAAAJAAAAAAAAAFAAAAAAAAAA"
            + "AAAAAAAAAABQAAAAAAAAABAAAAAAAAAAAAAAAAMAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAAAAABAAAAAAAAAAQAAAAAAAAAAAAAAAAA"
            + "AABkAAAAAAAAAGUAAAAAAAAAZgAAAAAAAABnAAAAAAAAAA0AAAAAAAAAAAAAAAMAAAADAAAABgAAAAkAAAAAAAAAczEwczEyczEzAAAA"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAD/////AAAAAA==",
        "//////gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAEAAAAtP///wQAAAADAAAAmAAAAFwAAAAUAAAAEAAYAAgABgAHAAwAEAAUABAA"
            + "AAAAAAEFFAAAADQAAAAcAAAABAAAAAAAAAABAAAAZAAAAAgACAAAAAQACAAAAAQAAACY////AAAAASAAAADc////2P///wAAAQUQAAAA"
            + "GAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAACAAAAaWQAAAgA"
            + "DAAIAAcACAAAAAAAAAFAAAAAAAAAAP////+oAAAAFAAAAAAAAAAMABQABgAFAAgADAAMAAAAAAIEABQAAAAQAAAAAAAAAAgACgAAAAQA"
            + "CAAAABAAAAAAAAoAGAAMAAQACAAKAAAATAAAABAAAAABAAAAAAAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAAAAAAA"
            + "AAAIAAAAAAAAAAUAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAUAAABkaWN0MgAAAP/////4AAAAFAAAAAAAAAAMABYA"
            + "BgAFAAgADAAMAAAAAAMEABgAAABwAAAAAAAAAAAACgAYAAwABAAIAAoAAACMAAAAEAAAAAUAAAAAAAAAAAAAAAcAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAoAAAAAAAAACgAAAAAAAAAAQAAAAAAAAAwAAAAAAAAABgAAAAAAAAASAAAAAAAAAAMAAAAAAAAAFgAAAAAAAAA"
            + "AAAAAAAAAABYAAAAAAAAABQAAAAAAAAAAAAAAAMAAAAFAAAAAAAAAAAAAAAAAAAABQAAAAAAAAABAAAAAAAAAAUAAAAAAAAAAAAAAAAA"
            + "AADIAAAAAAAAAMkAAAAAAAAAygAAAAAAAADLAAAAAAAAAMwAAAAAAAAAHQAAAAAAAAAAAAAAAwAAAAMAAAAGAAAACQAAAAwAAABzMjBz"
            + "MjJzMjNzMjQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/////wAAAAA=",
    ].map { Array(Data(base64Encoded: $0)!) }

    private func joined(_ streams: [[UInt8]], pieces: Int) throws -> (bytes: [UInt8], rows: Int) {
        let output = CollectedOutput()
        let joiner = ArrowJoiner(output)
        for stream in streams {
            for start in stride(from: 0, to: stream.count, by: pieces) {
                try stream[start..<min(start + pieces, stream.count)].withUnsafeBytes { try joiner.feed($0) }
            }
            try joiner.endStream()
        }
        try joiner.finish()
        return (output.bytes, joiner.rowCount)
    }

    @Test("one stream passes unchanged", arguments: [1, 3, 8, 100, 10_000])
    func one(_ pieces: Int) throws {
        let result = try joined([Self.streams[0]], pieces: pieces)
        #expect(result.bytes == Self.streams[0])
        #expect(result.rows == 6)
    }

    @Test("of several, schemas and end marks in between are left out", arguments: [1, 7, 64, 10_000])
    func several(_ pieces: Int) throws {
        let result = try joined(Self.streams, pieces: pieces)
        #expect(result.rows == 15)
        // The schema is the first message: its length stands behind the mark.
        let schema = 8 + Int(Self.streams[0][4]) + Int(Self.streams[0][5]) << 8
        let end: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]
        let expected =
            Self.streams[0].dropLast(8) + Self.streams[1].dropFirst(schema).dropLast(8)
            + Self.streams[2].dropFirst(schema).dropLast(8) + end
        #expect(result.bytes == Array(expected))
        // Joined streams are a stream themselves.
        #expect(try joined([result.bytes], pieces: 50).bytes == result.bytes)
    }

    @Test("the end mark may be missing")
    func noEndMark() throws {
        #expect(try joined(Self.streams.map { $0.dropLast(8) }, pieces: 20).rows == 15)
    }

    @Test("what is no stream is refused")
    func refused() throws {
        let first = Self.streams[0]
        #expect(throws: ArrowError.cut) { try joined([first.dropLast(20)], pieces: 50) }
        #expect(throws: ArrowError.cut) { try joined([first.dropLast(4)], pieces: 50) }
        #expect(throws: ArrowError.cut) { try joined([[]], pieces: 50) }
        #expect(throws: ArrowError.self) { try joined([Array("[[1]]    ".utf8)], pieces: 50) }
        #expect(throws: ArrowError.self) { try joined([first + [0]], pieces: 50) }
        var other = Self.streams[1]
        // The name of a column, somewhere in the schema.
        let name = try #require(other.firstRange(of: Array("id".utf8)))
        other[name.lowerBound] = UInt8(ascii: "x")
        #expect(throws: ArrowError.schemaChanged) { try joined([first, other], pieces: 50) }
    }

    @Test("no byte can make it crash")
    func fuzz() throws {
        for index in Self.streams[0].indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var stream = Self.streams[0]
                stream[index] = value
                // Refused or not: what matters is that it comes to an end.
                _ = try? joined([stream], pieces: 97)
            }
        }
    }
}
