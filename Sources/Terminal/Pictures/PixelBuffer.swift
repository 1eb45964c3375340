import Glibc

/// Pixels that a decoder has allocated: red, green, blue, alpha, 8 bits each, row by row.
///
/// Unchecked: nothing writes to them after the decoder, and nobody else has the pointer.
final class PixelBuffer: @unchecked Sendable {
    let bytes: UnsafePointer<UInt8>

    /// - Parameter decoded: allocated with malloc(3); freed with this object.
    init(owning decoded: UnsafeMutablePointer<UInt8>) { bytes = UnsafePointer(decoded) }

    deinit { free(UnsafeMutablePointer(mutating: bytes)) }
}
