import Databricks
import Text

/// The commands of `Registry`, for a session: parses a typed line and finds its command.
struct RegisteredCommands: CommandSet {
    var names: Set<String> { Registry.names }

    func traits(of name: String) -> CommandTraits { Registry.spec(named: name)?.traits ?? [] }

    func prepare(_ line: String, in session: Session) throws -> PreparedCommand {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        let typed = trimmed.dropFirst().prefix { !$0.isWhitespace }
        let name = Self.withoutSemicolon(typed)
        let (command, spec) = try Registry.command(named: name.lowercased())
        var rest = String(trimmed.dropFirst(typed.count + 1)).trimmingBlanks()
        if !spec.takesText { rest = Self.withoutSemicolon(rest) }
        let words = !spec.isText(rest) ? try words(of: rest, session) : rest.isEmpty ? [] : [rest]
        let sorted = try SortedWords(words, for: spec)
        if sorted.has(CommandSpec.help) {
            return PreparedCommand(isImmediate: true, showsRequests: false) {
                try Help.show(Help.text(for: spec), on: session.console, session.environment)
            }
        }
        let call = try Call(spec, sorted)
        return PreparedCommand(isImmediate: spec.isImmediate, showsRequests: call[CommandSpec.debug]) {
            try await command.run(call, in: session)
        }
    }

    /// A `;` that ends the line out of habit is no part of it, unless it is quoted.
    private static func withoutSemicolon(_ text: some StringProtocol) -> String {
        var text = String(text)
        while text.hasSuffix(";"), !text.hasSuffix("\\;") { text.removeLast() }
        return text
    }

    private func words(of text: String, _ session: Session) throws -> [String] {
        do {
            return try Words.split(text) { value(of: $0, session) }
        } catch .openQuote(let quote) {
            throw UsageError(
                "the line ends inside \(quote)…\(quote)", hint: "close the quote, or write \\\(quote) for the character"
            )
        } catch .unknownVariable(let name) {
            throw UsageError(
                "${\(name)} has no value",
                hint: name.hasPrefix("env:") ? "set the environment variable" : "pass it with -P \(name)=VALUE")
        }
    }

    /// `${NAME}` is a parameter, `${env:NAME}` an environment variable.
    private func value(of name: String, _ session: Session) -> String? {
        if name.hasPrefix("env:") { return session.environment.variables[String(name.dropFirst(4))] }
        return session.parameters[name].map { $0.value ?? "" }
    }
}
