/// What the beginning of a picture's file says: its format, by what it holds and not by its name, and its size. No decoder sees a file
/// before this has been judged, as a small file may claim, and take, gigabytes.
struct PictureHeader: Equatable {
    enum Format: CaseIterable { case png, jpeg, gif, webp }

    let format: Format
    /// In pixels; of an animation, its first frame's.
    let width: Int
    let height: Int

    /// - Throws: `Picture.Failure.unknown` when it is none of the formats, `unreadable` when it ends too early.
    init(_ bytes: [UInt8]) throws(Picture.Failure) {
        guard let format = Format.allCases.first(where: { $0.matches(bytes) }) else { throw .unknown }
        let file = FileBytes(bytes: bytes)
        let size: (width: Int, height: Int)? =
            switch format {
            case .png: file.pngSize
            case .jpeg: file.jpegSize
            case .gif: file.gifSize
            case .webp: file.webpSize
            }
        guard let size, size.width > 0, size.height > 0 else { throw .unreadable }
        self.format = format
        width = size.width
        height = size.height
    }
}

extension PictureHeader.Format {
    fileprivate func matches(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case .gif: bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8)
        case .webp: bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
        }
    }
}

/// Numbers in a file; nil is beyond its end.
private struct FileBytes {
    let bytes: [UInt8]

    private func byte(_ at: Int) -> Int? { bytes.indices.contains(at) ? Int(bytes[at]) : nil }

    private func little(_ at: Int, bytes count: Int = 2) -> Int? {
        (0..<count).reversed().reduce(0) { value, index in value.flatMap { v in byte(at + index).map { v << 8 | $0 } } }
    }

    private func big(_ at: Int, bytes count: Int = 2) -> Int? {
        (0..<count).reduce(0) { value, index in value.flatMap { v in byte(at + index).map { v << 8 | $0 } } }
    }

    private func size(_ width: Int?, _ height: Int?) -> (width: Int, height: Int)? {
        guard let width, let height else { return nil }
        return (width, height)
    }

    /// The chunk IHDR is the first one (PNG specification §11.2.1).
    var pngSize: (width: Int, height: Int)? { size(big(16, bytes: 4), big(20, bytes: 4)) }

    /// The frame header is behind some other segments. The image must be there to its end, the marker EOI: decoders fill up what is
    /// missing (ITU-T T.81 §B.2).
    var jpegSize: (width: Int, height: Int)? {
        var at = 2
        while let mark = byte(at), let marker = byte(at + 1), mark == 0xFF {
            switch marker {
            case 0xFF: at += 1  // fill
            case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker):
                return hasEnd(after: at) ? size(big(at + 7), big(at + 5)) : nil
            case 0xD9, 0xDA: return nil
            default:
                guard let length = big(at + 2), length >= 2 else { return nil }
                at += 2 + length
            }
        }
        return nil
    }

    private func hasEnd(after start: Int) -> Bool {
        let last = bytes.indices.dropLast().reversed().prefix { $0 > start }
        return last.contains { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD9 }
    }

    /// The first image, which must be there to its end: decoders fill up what is missing (GIF89a specification §18–22).
    var gifSize: (width: Int, height: Int)? {
        guard let screenFlags = byte(10) else { return nil }
        var at = 13 + Self.colorTable(screenFlags)
        while let introducer = byte(at) {
            if introducer == 0x21 {  // an extension
                guard let end = endOfBlocks(at + 2) else { return nil }
                at = end
            } else {
                guard introducer == 0x2C, let flags = byte(at + 9),
                    endOfBlocks(at + 11 + Self.colorTable(flags)) != nil
                else { return nil }
                return size(little(at + 5), little(at + 7))
            }
        }
        return nil
    }

    private static func colorTable(_ flags: Int) -> Int { flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1) }

    /// Behind a sequence of sub-blocks, each with its length before it, the last with none.
    private func endOfBlocks(_ start: Int) -> Int? {
        var at = start
        while let length = byte(at) {
            if length == 0 { return at + 1 }
            at += 1 + length
        }
        return nil
    }

    /// The first chunk says it in one of three ways (RFC 9649 §2.5–2.7).
    var webpSize: (width: Int, height: Int)? {
        switch bytes.dropFirst(12).prefix(4) {
        case Array("VP8 ".utf8)[...]: return size(little(26).map { $0 & 0x3FFF }, little(28).map { $0 & 0x3FFF })
        case Array("VP8L".utf8)[...]:
            return little(21, bytes: 4).map { (($0 & 0x3FFF) + 1, ($0 >> 14 & 0x3FFF) + 1) }
        case Array("VP8X".utf8)[...]:
            return size(little(24, bytes: 3).map { $0 + 1 }, little(27, bytes: 3).map { $0 + 1 })
        default: return nil
        }
    }
}
