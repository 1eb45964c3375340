import Glibc

/// The environment variables of this process.
package enum ProcessEnvironment {
    /// All of them, by name. An entry without `=`, which a program may be given, is none.
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            if let equals = strchr(entry, Int32(UInt8(ascii: "="))) {
                let name = UnsafeRawBufferPointer(start: entry, count: equals - entry)
                variables[String(decoding: name, as: UTF8.self)] = String(cString: equals + 1)
            }
            next += 1
        }
        return variables
    }
}
