import FoundationEssentials

/// A picture's file in the protocols whose terminals decode it themselves. The cursor ends up right of its last row.
struct InlineImage {
    /// PNG for kitty; iTerm2 takes what its system can read, JPEG, GIF and WebP too.
    var file: [UInt8]
    /// The cells that it fills.
    private let columns: Int
    private let rows: Int

    /// - Parameters:
    ///   - width, height: its size in pixels.
    ///   - columns, rows: the room there is; it keeps its shape within it.
    ///   - cell: the size of a character cell in pixels.
    init(_ file: [UInt8], width: Int, height: Int, columns: Int, rows: Int, cell: (width: Int, height: Int)) {
        let scale = min(
            1, Double(columns * cell.width) / Double(width), Double(rows * cell.height) / Double(height))
        func cells(_ pixels: Int, _ cell: Int) -> Int { max(1, Int((Double(pixels) * scale / Double(cell)).rounded())) }
        self.file = file
        self.columns = min(columns, cells(width, cell.width))
        self.rows = min(rows, cells(height, cell.height))
    }

    /// The pixels that its cells have.
    func size(of cell: (width: Int, height: Int)) -> (width: Int, height: Int) {
        (columns * cell.width, rows * cell.height)
    }

    /// The kitty graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol): `f=100` is PNG, `q=2` asks for no answer, and
    /// base64 goes in pieces of 4096 bytes.
    var kitty: String {
        var rest = Substring(Data(file).base64EncodedString())
        var text = ""
        while text.isEmpty || !rest.isEmpty {
            let piece = rest.prefix(4096)
            rest = rest.dropFirst(4096)
            let first = text.isEmpty ? "a=T,f=100,q=2,c=\(columns),r=\(rows)," : ""
            text += "\u{1B}_G\(first)m=\(rest.isEmpty ? 0 : 1);\(piece)\u{1B}\\"
        }
        return text
    }

    /// iTerm2's inline images (iterm2.com/documentation-images.html); sizes without a unit are cells.
    var iTerm2: String {
        let size = "size=\(file.count);width=\(columns);height=\(rows);preserveAspectRatio=1"
        return "\u{1B}]1337;File=inline=1;\(size):\(Data(file).base64EncodedString())\u{7}"
    }
}
