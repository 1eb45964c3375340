import Glibc
import System

/// Writes a profile into `~/.databrickscfg`: only the lines that change are touched, so that comments, the order and keys that dbsh does not
/// know stay.
package struct ProfileWriter: Sendable {
    /// Where the file is.
    package let path: String
    private let file: ConfigurationFile?

    /// - Throws: `ProfileError.unreadable`, `.unparsable`: a file that cannot be read is not written.
    package init(_ environment: [String: String], home: String) throws {
        path = ConfigurationFile.path(nil, environment, home: home)
        file = try ConfigurationFile.read(path: path)
    }

    /// How many profiles there are; nil without a file.
    package var count: Int? { file?.profiles.count }

    /// The profiles for a host.
    package func profiles(for host: String) -> [String] {
        (file?.profiles ?? []).filter { $0["host"].flatMap { try? HostURL($0).text } == host }.map(\.name)
    }

    /// The host of a profile; nil when there is no such profile, or it has none.
    package func host(of profile: String) -> String? { file?.profile(profile)?["host"] }

    /// Writes a profile that signs in with a person's login.
    /// - Throws: `FileError`, `ProfileError.reservedName`.
    package func write(_ profile: String, host: String, accountID: String?) throws {
        guard profile != ConfigurationFile.settingsSection else { throw ProfileError.reservedName(profile) }
        let values = [
            ("host", host), ("account_id", accountID), ("auth_type", AuthType.databricksCLI.rawValue),
        ].compactMap { key, value in value.map { (key, $0) } }
        let bytes = access(path, F_OK) == 0 ? try Files.read(path) : []
        let text = Self.edited(String(decoding: bytes, as: UTF8.self), profile, values)
        try AtomicFile.write(text, to: path, mode: 0o600, synced: true)
    }

    /// `text` with these values in a section.
    static func edited(_ text: String, _ section: String, _ values: [(String, String)]) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        var start = lines.firstIndex { ConfigurationFile.section(in: $0) == section }
        if start == nil {
            if !lines.isEmpty { lines.append("") }
            lines.append("[\(section)]")
            start = lines.count - 1
        }
        let first = (start ?? 0) + 1
        var end = lines[first...].firstIndex { ConfigurationFile.section(in: $0) != nil } ?? lines.count
        for (key, value) in values {
            if let place = (first..<end).last(where: { Self.key(of: lines[$0]) == key }) {
                lines[place] = "\(key) = \(value)"
            } else {
                // Before the blank lines and comments that lead to the next section.
                let place = (first..<end).last { Self.key(of: lines[$0]) != nil }.map { $0 + 1 } ?? first
                lines.insert("\(key) = \(value)", at: place)
                end += 1
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func key(of line: String) -> String? {
        let line = line.trimmingSpaces()
        guard let first = line.first, !"#;[".contains(first),
            let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" })
        else { return nil }
        return line[..<mark].trimmingSpaces().lowercased()
    }
}
