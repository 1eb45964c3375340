import Databricks
import Glibc
import Terminal

/// Answers Tab from what is known already: commands and their arguments from the registry, names from the cache, files
/// from the disk. Nothing here asks the network.
struct Completer {
    let session: Session

    func complete(_ text: String, at cursor: Int) async -> Completion {
        let bytes = Array(text.utf8.prefix(cursor))
        let before = String(decoding: bytes, as: UTF8.self)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        let wordStart = line.lastIndex { $0 == " " || $0 == "\t" }.map { line.index(after: $0) } ?? line.startIndex
        let word = String(line[wordStart...])
        let range = cursor - word.utf8.count..<cursor
        if trimmed.hasPrefix(".") {
            let words = trimmed.dropFirst().split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            if words.count <= 1 { return commands(word, range) }
            return Completion(replacing: range, arguments(of: words, word))
        }
        if trimmed.hasPrefix("%"), !trimmed.contains(" ") {
            let magics = ["%sql", "%python", "%scala", "%r", "%md", "%run", "%pip", "%sh", "%fs"]
            return Completion(replacing: range, magics.filter { $0.hasPrefix(word) }.map { Candidate($0) })
        }
        return sql(before, cursor)
    }

    private func commands(_ word: String, _ range: Range<Int>) -> Completion {
        let found = Registry.all.map(\.spec).filter { "." + $0.name >= word && ("." + $0.name).hasPrefix(word) }
        return Completion(replacing: range, found.map { Candidate("." + $0.name, note: $0.summary) })
    }

    private func arguments(of words: [String], _ word: String) -> [Candidate] {
        guard let spec = (try? Registry.command(named: words[0].lowercased()))?.spec else { return [] }
        if word.hasPrefix("-") {
            return (spec.flags + [.debug]).filter { $0.name.hasPrefix(word) }.map { Candidate($0.name, note: $0.help) }
        }
        // An argument that may be left out is offered together with the one after it.
        let position = words.dropFirst().dropLast().filter { !$0.hasPrefix("-") }.count
        let sources = spec.arguments.dropFirst(position).prefix(position == 0 ? 2 : 1).map(\.candidates)
        return sources.flatMap { candidates($0, word) }
    }

    private func candidates(_ source: CandidateSource, _ word: String) -> [Candidate] {
        switch source {
        case .none: []
        case .words(let words):
            words.filter { $0.text.hasPrefix(word.lowercased()) }.map { Candidate($0.text, note: $0.note) }
        case .commands:
            Registry.all.map(\.spec).filter { $0.name.hasPrefix(word) }.map { Candidate($0.name, note: $0.summary) }
        case .clusters: named(session.workspace.names.clusters, word)
        case .warehouses: named(session.workspace.names.warehouses, word)
        case .profiles: profiles().filter { $0.hasPrefix(word) }.map { Candidate($0) }
        case .files: files(word)
        }
    }

    private func named(_ names: [(id: String, name: String, state: String)], _ word: String) -> [Candidate] {
        names.filter { $0.name.lowercased().hasPrefix(word.lowercased()) || $0.id.hasPrefix(word) }
            .map {
                Candidate(
                    Words.quote($0.id.hasPrefix(word) && !word.isEmpty ? $0.id : $0.name), note: "\($0.state) \($0.id)")
            }
    }

    private func profiles() -> [String] {
        let path = session.environment["DATABRICKS_CONFIG_FILE"] ?? session.environment.home + "/.databrickscfg"
        return ((try? ConfigurationFile.read(path: path))?.profiles ?? []).map(\.name).filter { !$0.hasPrefix("__") }
    }

    private func files(_ word: String) -> [Candidate] {
        let slash = word.lastIndex(of: "/")
        let shown = slash.map { String(word[...$0]) } ?? ""
        let prefix = slash.map { String(word[word.index(after: $0)...]) } ?? word
        guard let directory = opendir(shown.isEmpty ? "." : session.resolve(shown)) else { return [] }
        defer { closedir(directory) }
        var found: [Candidate] = []
        while let entry = readdir(directory) {
            let isDirectory = entry.pointee.d_type == UInt8(DT_DIR)
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(prefix), name != ".", name != "..", !name.hasPrefix(".") || prefix.hasPrefix(".")
            else {
                continue
            }
            found.append(Candidate(shown + name + (isDirectory ? "/" : ""), suffix: isDirectory ? "" : " "))
        }
        return found.sorted { $0.text < $1.text }
    }

    /// SQL keywords and the names of tables, for the word before the cursor.
    private func sql(_ before: String, _ cursor: Int) -> Completion {
        guard session.language == .sql || before.contains("%sql") else { return .none }
        let word = String(before.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }.reversed())
        guard !word.isEmpty else { return .none }
        let upper = word.uppercased()
        let keepsLower = word.first?.isLowercase == true
        let keywords = KeywordLists.sql.filter { $0.hasPrefix(upper) }.sorted()
            .map { Candidate(keepsLower ? $0.lowercased() : $0) }
        let tables = session.workspace.names.tables.filter { $0.lowercased().hasPrefix(word.lowercased()) }
            .map { Candidate($0, note: "table") }
        return Completion(replacing: cursor - word.utf8.count..<cursor, tables + keywords)
    }
}
