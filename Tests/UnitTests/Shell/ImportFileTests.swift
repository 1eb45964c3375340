import Support
import Testing

@testable import Shell

/// What `.import` makes of a file of this machine before anything of it is sent.
@Suite struct ImportFileTests {
    private func scan(_ text: String, quoted: Bool = true) async throws -> RecordScan {
        let scratch = try ScratchDirectory()
        try scratch.write(text, to: "f")
        return try await RecordScan.of(scratch.path("f"), quoted: quoted)
    }

    @Test(arguments: [
        ("", 0), ("a", 1), ("a,b\n1,2\n", 2), ("a,b\r\n\r\n1,2\r\n\n", 2), ("\"a\nb\",c\n1,2", 2), ("\"\"\n\"\"\n", 2),
        ("\"a\"\"\n\"\"b\"\n\"c\"", 2), ("5\" pipe,2\n6\",3\n", 2), ("a,\"\"\"\n\"\"\"\nb,c", 2), ("\"a\"x\"\nb\n", 2),
    ])
    func recordsAreCountedAsTheyAreRead(_ text: String, _ count: Int) async throws {
        #expect(try await scan(text).records == count)
        let scratch = try ScratchDirectory()
        try scratch.write(text, to: "f")
        var records = try CSVRecords(scratch.path("f"))
        var found = 0
        while records.next() != nil { found += 1 }
        #expect(found == count)
    }

    @Test func fieldsAreThoseOfSpark() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("a,,\"\",\"b, \"\"c\"\"\",\"d\"x\",5\" pipe,\"e\nf\"\r\n", to: "f")
        var records = try CSVRecords(scratch.path("f"))
        #expect(records.next() == ["a", nil, "", "b, \"c\"", "\"d\"x\"", "5\" pipe", "e\nf"])
    }

    /// Pieces of the file are read apart: what is at their edges counts once.
    @Test func edgesOfPiecesDoNotMatter() async throws {
        for shift in 0..<40 {
            let head = String(repeating: "x", count: (1 << 18) - 20 - shift)
            let scan = try await scan("\(head)\n\"é🙂\r\nb\",1\r\n\r\n2,3\r\n")
            #expect(scan.records == 3 && scan.spansLines && !scan.endsInCRLF, "\(shift)")
        }
    }

    @Test func lineEndsAreTold() async throws {
        #expect(try await scan("a\r\n\"b\nc\"\r\nd").endsInCRLF)
        #expect(try await !scan("a\r\nb\nc\r\n").endsInCRLF)
        #expect(try await !scan("a,\"b\"\nc").spansLines)
        #expect(try await scan("{\"a\":\"\\\"\"}\n{}\n", quoted: false).records == 2)
    }

    @Test func otherEncodingsAreRefused() async throws {
        let scratch = try ScratchDirectory()
        for (bytes, line, guess): ([UInt8], Int, String) in [
            ([0x61, 0x0A, 0x63, 0xE9, 0x0A], 2, "WINDOWS-1252"), ([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00], 1, "UTF-16"),
            ([0x61, 0x0A, 0xC3], 2, "WINDOWS-1252"),
        ] {
            try scratch.write(bytes, to: "f")
            await #expect {
                try await RecordScan.of(scratch.path("f"), quoted: true)
            } throws: { error in
                (error as? NotUTF8).map { $0.line == line && $0.guess == guess } ?? false
            }
        }
    }

    @Test(arguments: [
        ("a;b\n1;2\n", 0x3B), ("a\tb\n1\t2\n", 0x09), ("a|b|c\n1|2|3\n", 0x7C), ("a,b\n1;2,3\n", 0x2C),
        ("note\nx; y\nz\n", 0x2C),
    ])
    func separatorsAreFound(_ text: String, _ separator: UInt8) async throws {
        let scratch = try ScratchDirectory()
        try scratch.write("\u{FEFF}" + text, to: "f")
        let file = try await ImportFile.open(
            scratch.path("f"), .csv, name: "f", encoding: nil, separator: nil, directory: scratch.path)
        #expect(file.separator == separator)
        let first = try file.firstRecords(1)[0]
        #expect(first[0]?.first?.isASCII == true, "the byte order mark is taken for text")
    }

    @Test(arguments: [
        (["2024-05-17", "0001-01-01"], "DATE"), (["2024-02-30"], "STRING"), (["2024-5-17"], "STRING"),
        (["2024-05-17 12:34", "2024-05-17T12:34:56.123456789+02:00", "2024-05-17 12:34:56Z"], "TIMESTAMP"),
        (["2024-05-17 12:34:56.1234567890"], "STRING"), (["2024-05-17 12:34 Z"], "STRING"),
        (["2024-05-17x12:34"], "STRING"),
        (["1", "-2", "0"], "BIGINT"), (["007"], "STRING"), (["1", "2.5", "NaN"], "DOUBLE"),
        (["true", "False"], "BOOLEAN"),
        ([], "STRING"),
    ])
    func typesAreInferred(_ values: [String], _ type: String) { #expect(ColumnInference.type(ofTexts: values) == type) }
}
