import CChafa
import Glibc

/// A picture made of pixels, to be drawn in a terminal: by the kitty, iTerm2 or sixel protocol where the terminal has one,
/// else with Unicode blocks in the colours it has. libchafa draws and libpng decodes; both are opened on first use.
package struct Picture: Sendable {
    /// In pixels.
    package let width: Int
    package let height: Int
    /// Red, green, blue, alpha, 8 bits each, row by row.
    private let pixels: [UInt8]
    /// The file, for terminals that decode it themselves.
    private let png: [UInt8]

    /// Why there is no picture.
    package enum Failure: Error, Equatable {
        /// A library that is not there, and the package that has it.
        case unavailable(String)
        /// It is not PNG, is damaged, or is too large.
        case unreadable
    }

    /// More than this is no picture for a terminal.
    private static let pixelLimit = 64 << 20

    /// Decodes a PNG file.
    package init(png: [UInt8]) throws(Failure) {
        if let reason = cpng_load() { throw .unavailable(String(cString: reason)) }
        var width: Int32 = 0
        var height: Int32 = 0
        let decoded = png.withUnsafeBytes { bytes in
            cpng_decode(bytes.baseAddress, bytes.count, Self.pixelLimit, &width, &height)
        }
        guard let decoded else { throw .unreadable }
        defer { free(decoded) }
        self.width = Int(width)
        self.height = Int(height)
        self.png = png
        // As many bytes as cpng_decode allocated for these measures.
        pixels = Array(UnsafeBufferPointer(start: decoded, count: 4 * Int(width) * Int(height)))
    }

    /// What to write to the terminal, without a newline at its end.
    ///
    /// - Parameters:
    ///   - size: the room there is; the picture keeps its shape, and is not made larger than it is where a cell's size in
    ///     pixels is known.
    ///   - cell: the size of a character cell in pixels; nil when the terminal does not say.
    ///   - color: whether cells may be coloured; the pixel protocols know nothing else.
    ///   - environment: what says which terminal it is: `TERM`, `COLORTERM`, `TERM_PROGRAM` and the like.
    package func drawn(
        in size: TerminalSize, cell: (width: Int, height: Int)?, color: Bool, environment: [String: String]
    ) throws(Failure) -> String {
        if let reason = cchafa_load() { throw .unavailable(String(cString: reason)) }
        let cell = cell ?? (10, 20)
        return try withEnvironment(environment) { strings throws(Failure) in
            let way = cchafa_best_way(strings)
            if way == cchafa_blocks {
                return try drawn(
                    columns: size.columns, rows: size.rows, cell, color ? Self.colors(environment) : 0, strings)
            }
            let columns = min(size.columns, (width + cell.width - 1) / cell.width)
            let rows = min(size.rows, (height + cell.height - 1) / cell.height)
            // These two take the file: a chart is some kilobytes of PNG, and a megabyte and a half of pixels.
            let inline = InlineImage(png: png, width: width, height: height, columns: columns, rows: rows, cell: cell)
            switch way {
            case cchafa_kitty: return inline.kitty
            case cchafa_iterm2: return inline.iTerm2
            default: return try drawn(columns: columns, rows: rows, cell, 1 << 24, strings)
            }
        }
    }

    /// Drawn by libchafa, as blocks or sixels.
    private func drawn(
        columns: Int, rows: Int, _ cell: (width: Int, height: Int), _ colors: Int32,
        _ environment: [UnsafeMutablePointer<CChar>?]
    ) throws(Failure) -> String {
        var length = 0
        let text = pixels.withUnsafeBufferPointer { pixels in
            cchafa_draw(
                pixels.baseAddress, Int32(width), Int32(height), Int32(columns), Int32(rows), Int32(cell.width),
                Int32(cell.height), colors, environment, &length)
        }
        guard let text else { throw .unreadable }
        defer { free(text) }
        // cchafa_draw wrote as many bytes.
        return String(decoding: UnsafeRawBufferPointer(start: UnsafeRawPointer(text), count: length), as: UTF8.self)
    }
}

/// Lends the variables as a NULL-terminated C array of `NAME=value` for the time of the call.
private func withEnvironment<T>(
    _ variables: [String: String], _ body: ([UnsafeMutablePointer<CChar>?]) throws(Picture.Failure) -> T
) throws(Picture.Failure) -> T {
    let strings = variables.map { strdup("\($0.key)=\($0.value)") }
    defer { for string in strings { free(string) } }
    return try body(strings + [nil])
}

extension Picture {
    /// How many colours the terminal has, as the environment says: a terminal of 256 shows garbage for sixteen million.
    private static func colors(_ environment: [String: String]) -> Int32 {
        let term = environment["TERM"] ?? ""
        if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") || term.hasSuffix("-direct") {
            return 1 << 24
        }
        return term.contains("256") ? 256 : term == "linux" ? 8 : 16
    }

    /// Whether the terminal of this environment shows pixels: kitty, iTerm2 or sixel.
    package static func hasPixels(_ environment: [String: String]) -> Bool {
        (try? withEnvironment(environment) { strings throws(Failure) in
            cchafa_best_way(strings) != cchafa_blocks
        }) ?? false
    }
}
