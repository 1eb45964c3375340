import Results

/// What a notebook says about the serverless environment it wants: metadata, which dbsh shows and keeps, and does not
/// install.
///
/// Facts: Databricks exports it as a block of comments behind the header (`# /// script`, TOML, `# ///`, as PEP 723 has it,
/// with the table `tool.databricks.environment`), and in `.ipynb` as `environmentMetadata`.
struct NotebookEnvironment: Equatable {
    /// `environment_version`, e.g. `5`.
    var version: String?
    /// `base_environment`: the path of a YAML file, or a name.
    var base: String?
    /// `dependencies`, as pip takes them.
    var dependencies: [String] = []
    /// The block's lines between its marks, without comment marks, as they came.
    private var lines: [String]?

    /// Reads the lines between the block's marks.
    init(lines: [String]) {
        self.lines = lines
        var key: String?
        for line in lines {
            var rest = line[...].drop { $0 == " " || $0 == "\t" }
            if key == nil {
                let name = rest.prefix { $0.isLetter || $0 == "_" || $0 == "-" }
                let value = rest[name.endIndex...].drop { $0 == " " || $0 == "\t" }
                guard !name.isEmpty, value.first == "=" else { continue }
                key = String(name)
                rest = value.dropFirst().drop { $0 == " " || $0 == "\t" }
            }
            let isList = rest.first == "[" || key == "dependencies"
            let (strings, ends) = Self.strings(in: rest)
            switch key {
            case "environment_version": version = strings.first ?? String(rest.prefix { $0.isNumber })
            case "base_environment": base = strings.first
            case "dependencies": dependencies += strings
            default: break
            }
            if !isList || ends { key = nil }
        }
    }

    /// Reads the metadata of an `.ipynb`; nil when it says nothing.
    init?(_ metadata: JSONValue?) {
        guard let metadata, metadata.members != nil else { return nil }
        version = (metadata["environment_version"] ?? metadata["client"])?.text.flatMap { $0.isEmpty ? nil : $0 }
        base = metadata["base_environment"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        dependencies = metadata["dependencies"]?.elements?.compactMap(\.text) ?? []
        if version == nil, base == nil, dependencies.isEmpty { return nil }
    }

    /// The TOML strings of a line, and whether a `]` outside them ends the list.
    private static func strings(in text: Substring) -> (strings: [String], ends: Bool) {
        var strings: [String] = []
        var rest = text
        while let character = rest.popFirst() {
            switch character {
            case "#": return (strings, false)
            case "]": return (strings, true)
            case "\"", "'":
                var string = ""
                while let next = rest.popFirst(), next != character {
                    if next == "\\", character == "\"", let escaped = rest.popFirst() {
                        string.append(escaped)
                    } else {
                        string.append(next)
                    }
                }
                strings.append(string)
            default: break
            }
        }
        return (strings, false)
    }

    /// The block as a source notebook has it, each line behind `comment`.
    func block(comment: String) -> String {
        let content = lines ?? toml
        return (["/// script"] + content + ["///"])
            .map { $0.isEmpty ? comment : "\(comment) \($0)" }.joined(separator: "\n") + "\n"
    }

    private var toml: [String] {
        var lines = ["[tool.databricks.environment]"]
        if let base { lines.append("base_environment = \(Self.quoted(base))") }
        if let version { lines.append("environment_version = \(Self.quoted(version))") }
        if !dependencies.isEmpty {
            lines += ["dependencies = ["] + dependencies.map { "  \(Self.quoted($0))," } + ["]"]
        }
        return lines
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// As `.ipynb` metadata.
    var json: JSONValue {
        .object([
            .init("base_environment", .string(base ?? "")),
            .init("dependencies", .array(dependencies.map { .string($0) })),
            .init("environment_version", .string(version ?? "")),
        ])
    }

    /// In one line, for `.status`.
    var summary: String {
        let parts = [
            version.map { "version \($0)" }, base, dependencies.isEmpty ? nil : dependencies.joined(separator: ", "),
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }
}
