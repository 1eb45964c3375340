/// The automaton that accepts valid UTF-8 (table 3-7 of the Unicode Standard), one step a byte and no branches.
///
/// A state is the place of six bits in a word; a byte's word has at the place of each state the state that follows it. So
/// a step is one load, which does not depend on the state, and one shift.
enum UTF8Validity {
    private enum State: UInt64, CaseIterable {
        case invalid, start
        /// So many continuation bytes are missing.
        case one, two, three
        /// The next byte has a narrower range: behind E0, ED, F0 and F4.
        case noOverlong3, noSurrogate, noOverlong4, noBeyond

        var place: UInt64 { rawValue * 6 }

        func after(_ byte: UInt8) -> State {
            switch (self, byte) {
            case (.start, ..<0x80): .start
            case (.start, 0xC2...0xDF): .one
            case (.start, 0xE0): .noOverlong3
            case (.start, 0xED): .noSurrogate
            case (.start, 0xE1...0xEF): .two
            case (.start, 0xF0): .noOverlong4
            case (.start, 0xF1...0xF3): .three
            case (.start, 0xF4): .noBeyond
            case (.one, 0x80...0xBF): .start
            case (.two, 0x80...0xBF), (.noOverlong3, 0xA0...0xBF), (.noSurrogate, 0x80...0x9F): .one
            case (.three, 0x80...0xBF), (.noOverlong4, 0x90...0xBF), (.noBeyond, 0x80...0x8F): .two
            default: .invalid
            }
        }
    }

    /// One word for each byte; never freed, and never changed once it is made, which the compiler cannot see.
    nonisolated(unsafe) private static let words: UnsafePointer<UInt64> = {
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: 256)
        for byte in UInt8.min...UInt8.max {
            words[Int(byte)] = State.allCases.reduce(0) { $0 | $1.after(byte).place << $1.place }
        }
        return UnsafePointer(words)
    }()

    /// The place of the state in which a text begins, and ends when it is whole.
    static let start = State.start.place
    static let invalid = State.invalid.place

    /// The state after some bytes.
    static func after(_ bytes: UnsafeRawBufferPointer, from state: UInt64) -> UInt64 {
        let words = words
        var state = state
        for byte in bytes { state = words[Int(byte)] &>> (state & 63) }
        return state & 63
    }

    static func holds(of bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let words = words
        var state = State.start.place
        for byte in bytes { state = words[Int(byte)] &>> (state & 63) }
        return state & 63 == State.start.place
    }
}

/// Whether a text that comes in pieces is UTF-8.
package struct UTF8Check: Sendable {
    private var state = UTF8Validity.start

    package init() {}

    /// The next piece can be the next piece of UTF-8.
    package mutating func isGood(_ piece: UnsafeRawBufferPointer) -> Bool {
        state = UTF8Validity.after(piece, from: state)
        return state != UTF8Validity.invalid
    }

    /// No character is cut off.
    package var isAtEnd: Bool { state == UTF8Validity.start }
}
