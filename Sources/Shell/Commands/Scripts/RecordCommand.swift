/// `.record` — write the session's cells to a file as a script that replays.
struct RecordCommand: MetaCommand {
    let file = Argument<FilePath?>("FILE|off")
    let overwrite = Flag("--overwrite", "replace the file if it exists")

    var spec: CommandSpec {
        CommandSpec(
            "record", in: .scripts, "record the cells you run to a script", takes: [file], flags: [overwrite],
            details:
                "Failed cells are left out, unless .expect error follows. .record alone shows the file being written.",
            examples: [
                .init(".record session.dbsh", "start recording", runs: false), .init(".record off", "stop recording"),
            ], isImmediate: true, traits: .isUnrecorded)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let path = call[file]?.path else {
            return try session.console.result(text: session.log.recorder?.path ?? "off")
        }
        session.log.recorder = nil
        if path == "off" { return }
        session.log.recorder = try Recorder(
            path: session.paths.place(path), replaces: call[overwrite], commands: session.commands.names)
    }
}
