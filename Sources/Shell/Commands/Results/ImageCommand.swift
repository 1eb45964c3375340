/// `.image` — what happens to pictures.
struct ImageCommand: MetaCommand {
    let choice = Argument<FilePath?>("on|off|DIR")

    var spec: CommandSpec {
        CommandSpec(
            "image", in: .results, "draw pictures, save them instead, or do both", takes: [choice],
            details: """
                on    draw them, as the terminal can: kitty, iTerm2, sixel, else coloured blocks (the default)
                off   save them and say where
                DIR   draw them, and save them in DIR too
                Where nothing can be drawn they are saved in any case.
                """,
            examples: [.init(".image off", "only files"), .init(".image on", "pictures again")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        switch call[choice]?.path {
        case nil:
            let settings = session.settings
            try session.console.result(text: settings.pictureDirectory ?? (settings.drawsPictures ? "on" : "off"))
        case "on"?:
            session.settings.drawsPictures = true
            session.settings.pictureDirectory = nil
        case "off"?:
            session.settings.drawsPictures = false
            session.settings.pictureDirectory = nil
        case let directory?:
            session.settings.drawsPictures = true
            session.settings.pictureDirectory = session.resolve(directory)
        }
    }
}
