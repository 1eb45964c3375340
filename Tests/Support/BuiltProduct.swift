import Glibc

/// Programs of this package, as built beside the tests.
package enum BuiltProduct {
    /// The path of an executable target's program.
    package static func path(_ name: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        // readlink(2) writes no 0; the buffer ends in one, as it is one byte longer than what may be written.
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let tests = String(decoding: buffer[..<max(0, length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (tests.lastIndex(of: "/").map { tests[..<$0] } ?? ".") + "/" + name
    }
}
