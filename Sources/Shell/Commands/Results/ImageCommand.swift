/// `.image` — what happens to pictures.
struct ImageCommand: SettingCommand {
    let value = Argument<FilePath?>("on|off|DIR")

    var spec: CommandSpec {
        CommandSpec(
            "image", in: .results, "show or set whether pictures are drawn, saved, or both", takes: [value],
            details: """
                on    draw them in the terminal: kitty, iTerm2, sixel, or coloured blocks
                      (the default)
                off   save them to files and print the file names
                DIR   draw them, and also save them in DIR
                Without a terminal they are always saved.
                """,
            examples: [.init(".image off", "save to files only"), .init(".image on", "draw again")], isImmediate: true)
    }

    static func text(in session: Session) -> String {
        session.settings.pictureDirectory ?? (session.settings.drawsPictures ? "on" : "off")
    }

    static func set(_ value: FilePath, in session: Session) {
        let isSwitch = Switch(rawValue: value.path) != nil
        session.settings.drawsPictures = value.path != "off"
        session.settings.pictureDirectory = isSwitch ? nil : session.paths.resolve(value.path)
    }
}
