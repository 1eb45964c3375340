import CChafa
import Glibc

/// A picture made of pixels, to be drawn in a terminal: by the kitty, iTerm2 or sixel protocol where the terminal has one,
/// else with Unicode blocks in the colours it has. libchafa draws; libpng decodes PNG, libgd JPEG, GIF and WebP. Each is opened
/// on first use.
package struct Picture: Sendable {
    /// In pixels.
    package var width: Int { header.width }
    package var height: Int { header.height }
    private let header: PictureHeader
    /// Nil when the library that decodes it is not there.
    let pixels: PixelBuffer?
    /// For terminals that decode it themselves.
    private let file: [UInt8]

    /// Why there is no picture.
    package enum Failure: Error, Equatable {
        /// A library that is not there, and the package that has it.
        case unavailable(String)
        /// It is damaged.
        case unreadable
        /// It is none of the formats that are drawn.
        case unknown
        /// More pixels than a terminal has any use for.
        case tooLarge(width: Int, height: Int)
    }

    /// Decoded, these take 128 MB, and twice that for a moment.
    static let pixelLimit = 32 << 20

    /// Decodes a file of PNG, JPEG, GIF (its first frame) or WebP.
    package init(file: [UInt8]) throws(Failure) {
        header = try PictureHeader(file)
        guard header.width <= Self.pixelLimit / header.height else {
            throw .tooLarge(width: header.width, height: header.height)
        }
        self.file = file
        guard Self.missingDecoder(of: header.format) == nil else {
            pixels = nil
            return
        }
        guard let decoded = Self.decode(file, header) else { throw .unreadable }
        pixels = PixelBuffer(owning: decoded)
    }

    private static func missingDecoder(of format: PictureHeader.Format) -> String? {
        (format == .png ? cpng_load() : cgd_load()).map { String(cString: $0) }
    }

    private static func decode(_ file: [UInt8], _ header: PictureHeader) -> UnsafeMutablePointer<UInt8>? {
        var width = Int32(header.width)
        var height = Int32(header.height)
        return file.withUnsafeBytes { bytes in
            switch header.format {
            case .png: cpng_decode(bytes.baseAddress, bytes.count, pixelLimit, &width, &height)
            case .jpeg: cgd_decode(cgd_jpeg, bytes.baseAddress, bytes.count, width, height)
            case .gif: cgd_decode(cgd_gif, bytes.baseAddress, bytes.count, width, height)
            case .webp: cgd_decode(cgd_webp, bytes.baseAddress, bytes.count, width, height)
            }
        }
    }

    private func decoded() throws(Failure) -> PixelBuffer {
        if let pixels { return pixels }
        throw .unavailable(Self.missingDecoder(of: header.format) ?? "")
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
            // These two take a file: a chart is some kilobytes of PNG, and a megabyte and a half of pixels.
            var inline = InlineImage(file, width: width, height: height, columns: columns, rows: rows, cell: cell)
            switch way {
            case cchafa_kitty:
                if header.format != .png { inline.file = try png(within: inline.size(of: cell)) }
                return inline.kitty
            case cchafa_iterm2: return inline.iTerm2
            default: return try drawn(columns: columns, rows: rows, cell, 1 << 24, strings)
            }
        }
    }

    /// As a PNG file, in its own shape and no larger than this.
    private func png(within size: (width: Int, height: Int)) throws(Failure) -> [UInt8] {
        let pixels = try decoded()
        let scale = min(1, Double(size.width) / Double(width), Double(size.height) / Double(height))
        func scaled(_ length: Int) -> Int32 { max(1, Int32((Double(length) * scale).rounded())) }
        var length = 0
        let png = cgd_png(pixels.bytes, Int32(width), Int32(height), scaled(width), scaled(height), &length)
        guard let png else { throw .unreadable }
        defer { free(png) }
        // As many bytes as cgd_png wrote.
        return Array(UnsafeBufferPointer(start: png, count: length))
    }

    /// Drawn by libchafa, as blocks or sixels.
    private func drawn(
        columns: Int, rows: Int, _ cell: (width: Int, height: Int), _ colors: Int32,
        _ environment: [UnsafeMutablePointer<CChar>?]
    ) throws(Failure) -> String {
        let pixels = try decoded()
        var length = 0
        let text = cchafa_draw(
            pixels.bytes, Int32(width), Int32(height), Int32(columns), Int32(rows), Int32(cell.width),
            Int32(cell.height), colors, environment, &length)
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
