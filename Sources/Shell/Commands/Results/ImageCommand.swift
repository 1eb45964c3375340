/// `.image` — what happens to pictures.
struct ImageCommand: MetaCommand {
    let choice = Argument<FilePath?>("on|off|DIR")

    var spec: CommandSpec {
        CommandSpec(
            "image", in: .results, "show or set whether pictures are drawn, saved, or both", takes: [choice],
            details: """
                on    draw them in the terminal: kitty, iTerm2, sixel, or coloured blocks
                      (the default)
                off   save them to files and print the file names
                DIR   draw them, and also save them in DIR
                Without a terminal they are always saved.
                """,
            examples: [.init(".image off", "save to files only"), .init(".image on", "draw again")], isImmediate: true)
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
