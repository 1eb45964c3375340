/// A few bytes that are put by one vector. Longer ones have length -1: whoever needs them leaves the loop.
struct ShortText: BitwiseCopyable {
    let bytes: SIMD16<UInt8>
    let length: Int

    init(_ text: [UInt8]) {
        let fits = text.count <= 16
        bytes = fits ? SIMD16(text + Array(repeating: 0, count: 16 - text.count)) : SIMD16()
        length = fits ? text.count : -1
    }

    /// Whether `text`, which has the same length, is the same.
    func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool { text.indices.allSatisfy { text[$0] == bytes[$0] } }
}
