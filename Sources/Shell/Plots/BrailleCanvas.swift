/// Dots, two by four in each character (Unicode, Braille Patterns), each of the series that drew it last.
struct BrailleCanvas {
    /// Which dots of a line are drawn, over and over.
    struct Pattern {
        let on: Int
        let off: Int

        static let solid = Pattern(on: 1, off: 0)
    }

    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    private var owners: [Int?]
    private var marks: [Character?]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        dots = Array(repeating: 0, count: columns * rows)
        owners = Array(repeating: nil, count: columns * rows)
        marks = Array(repeating: nil, count: columns * rows)
    }

    var dotsAcross: Int { columns * 2 }
    var dotsDown: Int { rows * 4 }

    private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Draws a dot; one outside is not drawn.
    mutating func dot(_ x: Int, _ y: Int, of series: Int) {
        guard x >= 0, y >= 0, x < dotsAcross, y < dotsDown else { return }
        let cell = y / 4 * columns + x / 2
        dots[cell] |= Self.bits[x % 2][y % 4]
        owners[cell] = series
    }

    /// Puts a character where the dot would be.
    mutating func mark(_ character: Character, _ x: Int, _ y: Int, of series: Int) {
        guard x >= 0, y >= 0, x < dotsAcross, y < dotsDown else { return }
        let cell = y / 4 * columns + x / 2
        marks[cell] = character
        owners[cell] = series
    }

    /// Draws a straight line.
    /// - Parameter phase: how many dots of the series' line came before, which carries its pattern on.
    mutating func line(
        from start: (x: Int, y: Int), to end: (x: Int, y: Int), of series: Int, _ pattern: Pattern, _ phase: inout Int
    ) {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
            let x = start.x + ((end.x - start.x) * step * 2 + (end.x < start.x ? -steps : steps)) / (steps * 2)
            let y = start.y + ((end.y - start.y) * step * 2 + (end.y < start.y ? -steps : steps)) / (steps * 2)
            if phase % (pattern.on + pattern.off) < pattern.on { dot(x, y, of: series) }
            if step < steps { phase += 1 }
        }
    }

    /// The characters of a row, each with the series that it belongs to.
    func row(_ row: Int) -> [(character: Character, series: Int?)] {
        (row * columns..<(row + 1) * columns).map { cell in
            if let mark = marks[cell] { return (mark, owners[cell]) }
            if dots[cell] == 0 { return (" ", nil) }
            return (Character(Unicode.Scalar(0x2800 + UInt32(dots[cell]))!), owners[cell])
        }
    }
}
