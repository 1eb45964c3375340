import Glibc

/// `~/.databrickscfg`: one profile per section, INI as the official Go SDK reads it.
///
/// `[DEFAULT]` is a profile like any other, nothing is inherited from it; `[__settings__]` is none at all.
package struct ConfigurationFile: Sendable {
    /// Section that holds settings of the tools instead of a profile.
    package static let settingsSection = "__settings__"

    /// One section. Its values can be secrets, so they leave it only one by one, by name.
    package struct Profile: Sendable, CustomStringConvertible, CustomReflectable {
        package let name: String
        private(set) var values: [String: String] = [:]

        fileprivate init(name: String) {
            self.name = name
        }

        /// The value of `key` (lower case, as written in the file); nil when absent or empty.
        subscript(_ key: String) -> String? {
            values[key].flatMap { $0.isEmpty ? nil : $0 }
        }

        /// The value of `key`, for showing; nil for keys that hold secrets too.
        package func shown(_ key: String) -> String? {
            Redaction.isSecret(name: key) ? nil : self[key]
        }

        fileprivate mutating func set(_ key: String, _ value: String) {
            values[key] = value
        }

        package var description: String { "[\(name)] \(values.keys.sorted().joined(separator: ", "))" }
        package var customMirror: Mirror { Mirror(self, children: ["keys": values.keys.sorted()]) }
    }

    /// Where it was read from, as given.
    package let path: String
    private var sections: [Profile] = []

    /// The profiles, in the file's order, with the keys each one has.
    package var profiles: [Profile] {
        sections.filter { $0.name != Self.settingsSection }
    }

    package func profile(_ name: String) -> Profile? {
        profiles.first { $0.name == name }
    }

    /// The profile that is used when none is asked for, from `[__settings__]`.
    package var defaultProfile: String? {
        sections.first { $0.name == Self.settingsSection }?["default_profile"]
    }

    /// Where the file is: as given, or as `DATABRICKS_CONFIG_FILE` says, or in the home directory.
    static func path(_ given: String?, _ environment: [String: String], home: String) -> String {
        let named = environment["DATABRICKS_CONFIG_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let path = given ?? named ?? "~/.databrickscfg"
        return path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    /// The names of the profiles in the user's file, for lists of candidates: none when it cannot be read.
    package static func profileNames(_ environment: [String: String], home: String) -> [String] {
        let file = try? read(path: path(nil, environment, home: home))
        return (file ?? nil)?.profiles.map(\.name).filter { !$0.hasPrefix("__") } ?? []
    }

    /// Reads the file at `path`; nil when there is none.
    /// - Throws: `ProfileError.unreadable`, `.unparsable`.
    package static func read(path: String) throws -> ConfigurationFile? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ProfileError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { break }
            if count > 0 {
                bytes += piece[..<count]
            } else if errno != EINTR {
                throw ProfileError.unreadable(path: path, reason: String(cString: strerror(errno)))
            }
        }
        return try ConfigurationFile(path: path, text: String(decoding: bytes, as: UTF8.self))
    }

    /// Parses `text`; `path` is for messages.
    /// - Throws: `ProfileError.unparsable`.
    package init(path: String, text: String) throws {
        self.path = path
        // Keys before any section belong to DEFAULT.
        var current = 0
        var number = 0
        let unmarked = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        for raw in unmarked.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let line = raw.trimmingSpaces()
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("[") {
                guard let name = Self.sectionName(line) else {
                    throw ProfileError.unparsable(path: path, line: number, reason: "a section looks like [name]")
                }
                current = section(name)
            } else {
                guard let delimiter = line.firstIndex(where: { $0 == "=" || $0 == ":" }), delimiter > line.startIndex
                else {
                    throw ProfileError.unparsable(path: path, line: number, reason: "a line looks like key = value")
                }
                if sections.isEmpty { current = section("DEFAULT") }
                sections[current].set(
                    line[..<delimiter].trimmingSpaces().lowercased(), Self.value(line[line.index(after: delimiter)...]))
            }
        }
    }

    /// Index of the section of this name, which is added when it is new; one that comes again goes on.
    private mutating func section(_ name: String) -> Int {
        if let index = sections.firstIndex(where: { $0.name == name }) { return index }
        sections.append(Profile(name: name))
        return sections.count - 1
    }

    /// The name of the section that a line begins; nil for any other line.
    static func section(in line: String) -> String? {
        let line = line.trimmingSpaces()
        return line.hasPrefix("[") ? sectionName(line) : nil
    }

    private static func sectionName(_ line: String) -> String? {
        guard let close = line.firstIndex(of: "]") else { return nil }
        let name = line[line.index(after: line.startIndex)..<close].trimmingSpaces()
        return name.isEmpty ? nil : name
    }

    /// A value as written: quotes around it are not part of it; a comment begins at ` #` or ` ;`, never without the
    /// space, since tokens may hold either character.
    private static func value(_ text: Substring) -> String {
        let value = text.trimmingSpaces()
        if let quote = value.first, "\"'`".contains(quote), let close = value.dropFirst().firstIndex(of: quote) {
            let rest = value[value.index(after: close)...].trimmingSpaces()
            if rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") {
                return String(value[value.index(after: value.startIndex)..<close])
            }
        }
        var previous: Character = "x"
        let kept = value.prefix { character in
            defer { previous = character }
            return !(previous.isWhitespace && (character == "#" || character == ";"))
        }
        return kept.trimmingSpaces()
    }
}
