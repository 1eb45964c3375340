import Results

/// `.mode` — show or set how results are drawn.
struct ModeCommand: MetaCommand {
    let format = Argument<Format?>("FORMAT")

    var spec: CommandSpec {
        CommandSpec(
            "mode", in: .results, "show or set how results are drawn", takes: [format],
            details: "At a terminal results are drawn as box, elsewhere as csv, until a mode is set.",
            examples: [.init(".mode vertical", "a line for each column"), .init(".mode box", "lines around cells")],
            isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let format = try call(format) {
            session.settings.mode = format
        } else {
            try session.console.result(text: session.presenter.format.rawValue)
        }
    }
}
