/// A session at a system shell, as it is written in a `.transcript` file: commands after `$ `, continued after `> `, and
/// below each what it printed. Lines of stderr begin with `! `, and a status other than 0 is `[exit N]`.
///
///     $ dbsh -c 'select 1 as x'
///     x
///     1
struct Transcript {
    struct Entry {
        var command: String
        var expected: [String]
    }

    /// Comment lines before the first command.
    var heading: [String] = []
    var entries: [Entry] = []

    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        if lines.last == "" { lines.removeLast() }
        while let line = lines.popFirst() {
            if line.hasPrefix("$ ") {
                var command = String(line.dropFirst(2))
                while let more = lines.first, more == ">" || more.hasPrefix("> ") {
                    command += "\n" + more.dropFirst(2)
                    lines.removeFirst()
                }
                entries.append(Entry(command: command, expected: []))
            } else if entries.isEmpty {
                heading.append(line)
            } else {
                entries[entries.count - 1].expected.append(line)
            }
        }
    }

    /// The text again, with what the commands really printed.
    func text(printed: [[String]]) -> String {
        var lines = heading
        for (entry, output) in zip(entries, printed) {
            let command = entry.command.split(separator: "\n", omittingEmptySubsequences: false)
            lines.append("$ " + command[0])
            lines += command.dropFirst().map { $0.isEmpty ? ">" : "> " + $0 }
            lines += output
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Replaces what differs from run to run: ids, times, addresses, the scratch directory.
enum Normalization {
    static func normalize(_ line: String, directory: String, host: String) -> String {
        var line = line.replacing(directory, with: "DIR").replacing(host, with: "HOST")
        line.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
        line.replace(/\b[0-9a-f]{32}\b/, with: "ID")
        line.replace(/\b[0-9]+\.[0-9]+ s\b/, with: "TIME")
        line.replace(/after [0-9]+ ms/, with: "after TIME")
        line.replace(/<command-[0-9]+>/, with: "<command-N>")
        return line
    }
}
