import Results

/// `.mode` — show or set how results are drawn.
struct ModeCommand: SettingCommand {
    let value = Argument<ModeName?>("FORMAT")

    var spec: CommandSpec {
        CommandSpec(
            "mode", in: .results, "show or set the format of results", takes: [value],
            details: """
                The default is box at a terminal and csv elsewhere. auto is box, or vertical when the terminal is too narrow. \
                For files, the file name takes precedence over the mode: .once x.json writes JSON.
                """,
            examples: [
                .init(".mode vertical", "a line for each column"), .init(".mode auto", "box, or vertical if too wide"),
            ])
    }

    static func text(in session: Session) -> String {
        let isAuto = session.settings.mode == nil && session.settings.choosesByWidth
        return isAuto ? "auto" : session.presenter.format.rawValue
    }

    static func set(_ value: ModeName, in session: Session) {
        session.settings.mode = value.format
        session.settings.choosesByWidth = value.format == nil
    }
}

/// A format, or `auto`.
struct ModeName: ArgumentValue {
    /// Nil is `auto`.
    let format: Format?

    static let all = Format.allCases.map(\.rawValue) + ["auto"]

    init(format: Format?) { self.format = format }

    init?(_ word: String) {
        let word = word.lowercased()
        format = Format(rawValue: word)
        if format == nil, word != "auto" { return nil }
    }

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> ModeName {
        let word = try String.read(&words, label)
        guard let mode = ModeName(word) else {
            throw ArgumentFailure(label, among: all, not: word)
        }
        return mode
    }

    static var candidates: CandidateSource {
        .words(Format.allCases.map { .init($0.rawValue, $0.note) } + [.init("auto", "box, or vertical if too wide")])
    }
}
