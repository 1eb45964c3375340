import CVector
import Testing
import Text

/// Whole rows by wide vectors, where the processor has them: what is taken, and what is left to be read cell by cell.
@Suite("Wide rows", .enabled(if: cvector_has_rows(), "the processor has no AVX-512 VBMI2"))
struct WideRowsTests {
    /// The rows taken from the start of `cells`, which begin with a row's first cell, and their text.
    private func taken(_ cells: [UInt8], columns: Int, quotes: Bool = true) -> (rows: Int, text: String) {
        // Enough of another row for what stands before to lie in whole blocks.
        let document = cells + [0x22] + [UInt8](repeating: 0x78, count: 130)
        var target = [UInt8](repeating: 0, count: document.count + 64)
        return document.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                guard let start = source.baseAddress, let base = target.baseAddress else { return (0, "") }
                var run = cvector_run(source: start, target: base, rows: 0)
                cvector_rows(&run, start + source.count, base + source.count, Int64(columns), 0x2C, quotes)
                let text = UnsafeBufferPointer(start: base, count: run.target - base)
                return (Int(run.rows), String(decoding: text, as: UTF8.self))
            }
        }
    }

    @Test(
        "whole rows, at every place of a block",
        arguments: [
            (#""a","b"],["c","d"],["#, "a,b\nc,d\n"), (#"null,"b"],[null,null],["null","#, ",b\n,\n"),
            (#""a","null"],[null,"#, "a,null\n"), (#""","x"],["y",""],["#, "\"\",x\ny,\"\"\n"),
        ])
    func rows(_ cells: String, _ text: String) {
        var left = 0
        for shift in 0..<70 {
            let before = String(repeating: "y", count: shift + 1)
            let (count, written) = taken(Array(("\"\(before)\",\"z\"],[" + cells).utf8), columns: 2)
            let expected = before + ",z\n" + text
            // What has an empty string that lies across two blocks is left.
            if written != expected { left += 1 }
            #expect(written == expected || cells.contains("\"\""), "\(shift)")
            #expect(expected.hasPrefix(written) && written.filter { $0 == "\n" }.count == count, "\(shift)")
        }
        #expect(left <= (cells.contains("\"\"") ? 2 : 0))
    }

    @Test(
        "rows with anything else are left",
        arguments: [
            #""a"],["#, #""c","d","e"],["#, #""a,b","c"],["#, #""a\"","b"],["#, "\"a\n\",\"b\"],[",
            #""a", "b"],["#,
            #""a",1],["#, #""a",nul],["#, #""a",nulll],["#, #""a",nnull],["#, #""a","b"]["#,
            #""a","b"],,["#, #""a",,"b"],["#, #""a""b"],["#, #""a",],["#, #","a"],["#, #""a","b"]]"#,
            #""a",null"b"],["#,
            #""a",null null],["#, #"null"a"],["#, #""a","b",],["#, #"["a","b"],["#, #""a","b"}],["#, #"],["#,
        ])
    func unusual(_ row: String) {
        for shift in 0..<70 {
            let before = String(repeating: "y", count: shift + 1)
            let (count, written) = taken(Array(("\"\(before)\",\"z\"],[" + row).utf8), columns: 2)
            #expect(count == 0 || count == 1 && written == before + ",z\n", "\(shift)")
        }
    }

    @Test("valid UTF-8 is taken, and nothing else")
    func utf8() {
        let edges: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
            0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        var sequences = edges.flatMap { first in edges.flatMap { second in edges.map { [first, second, $0] } } }
        for first in edges where first >= 0xF0 {
            for second in edges where second >= 0x80 && second < 0xC2 {
                for third in edges { sequences += edges.map { [first, second, third, $0] } }
            }
        }
        for (index, sequence) in sequences.enumerated() {
            let isValid = String(validating: sequence, as: UTF8.self) != nil
            #expect(sequence.withUnsafeBufferPointer(\.isValidUTF8) == isValid, "\(sequence)")
            let cells = [0x22] + [UInt8](repeating: 0x78, count: index % 70) + sequence + Array(#""],["#.utf8)
            #expect((taken(cells, columns: 1).rows == 1) == isValid, "\(sequence) behind \(index % 70)")
        }
    }

    @Test("rows of any width", arguments: [1, 2, 3, 31, 63, 64, 65, 66, 127, 128, 129, 500])
    func widths(_ columns: Int) {
        for cell in ["\"\(columns)\"", "null", "\"0123456789012345678901234567890123456789\""] {
            let row = Array(repeating: cell, count: columns).joined(separator: ",")
            let text = Array(repeating: cell == "null" ? "" : cell.filter { $0 != "\"" }, count: columns)
                .joined(separator: ",")
            let good = Array(repeating: row, count: 5).joined(separator: "],[") + "],["
            let (rows, written) = taken(Array(good.utf8), columns: columns)
            #expect(rows == 5 && written == String(repeating: text + "\n", count: 5))
            for bad in [columns - 1, columns + 1] where bad > 0 {
                let other = Array(repeating: cell, count: bad).joined(separator: ",")
                let (rows, written) = taken(Array((good + other + "],[" + row + "],[").utf8), columns: columns)
                // Rows of the block with the bad one may be left too.
                #expect(rows <= 5 && written == String(repeating: text + "\n", count: rows))
            }
        }
    }
}
