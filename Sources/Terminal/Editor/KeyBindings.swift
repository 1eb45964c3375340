import CEdit

/// The commands that are added to libedit's own, and the keys they are on. Each can be bound by name in `~/.editrc`.
enum KeyBindings {
    typealias Command = (name: String, help: String, function: cedit_command)

    /// libedit passes a command only the line and the key, so each needs a closure of its own, without captures.
    static let commands: [Command] = [
        (
            "dbsh-enter", "hand the text in if it is complete, else open a line",
            { line, _ in Editor.of(line).enter() }
        ),
        ("dbsh-newline", "open a line", { line, _ in Editor.of(line).openLine() }),
        ("dbsh-up", "line up, then older entry", { line, _ in Editor.of(line).up() }),
        ("dbsh-down", "line down, then newer entry", { line, _ in Editor.of(line).down() }),
        ("dbsh-older", "older entry", { line, _ in Editor.of(line).walkHistory(.older, matchingPrefix: false) }),
        ("dbsh-newer", "newer entry", { line, _ in Editor.of(line).walkHistory(.newer, matchingPrefix: false) }),
        ("dbsh-left", "character left", { line, _ in Editor.of(line).left() }),
        ("dbsh-right", "character right, or take the suggestion", { line, _ in Editor.of(line).right() }),
        ("dbsh-word-left", "word left", { line, _ in Editor.of(line).wordLeft() }),
        ("dbsh-word-right", "word right, or take a word of the suggestion", { line, _ in Editor.of(line).wordRight() }),
        ("dbsh-line-start", "start of the line", { line, _ in Editor.of(line).lineStart() }),
        ("dbsh-line-end", "end of the line, or take the suggestion", { line, _ in Editor.of(line).lineEnd() }),
        ("dbsh-text-start", "start of the text", { line, _ in Editor.of(line).textStart() }),
        ("dbsh-text-end", "end of the text", { line, _ in Editor.of(line).textEnd() }),
        ("dbsh-backspace", "delete the character before", { line, _ in Editor.of(line).backspace() }),
        ("dbsh-delete", "delete the character after", { line, _ in Editor.of(line).delete() }),
        ("dbsh-delete-or-eof", "delete, or end of file", { line, _ in Editor.of(line).deleteOrEnd() }),
        ("dbsh-kill-line", "kill to the end of the line", { line, _ in Editor.of(line).killLine() }),
        ("dbsh-kill-to-start", "kill to the start of the line", { line, _ in Editor.of(line).killToLineStart() }),
        ("dbsh-kill-word", "kill to the end of the word", { line, _ in Editor.of(line).killWord() }),
        ("dbsh-kill-word-back", "kill to the start of the word", { line, _ in Editor.of(line).killWordBack() }),
        ("dbsh-kill-blank-word", "kill to the blank before", { line, _ in Editor.of(line).killToBlank() }),
        ("dbsh-yank", "insert what was killed", { line, _ in Editor.of(line).yank() }),
        ("dbsh-yank-older", "replace it by an older kill", { line, _ in Editor.of(line).yankOlder() }),
        ("dbsh-undo", "undo", { line, _ in Editor.of(line).undoLast() }),
        ("dbsh-complete", "complete", { line, _ in Editor.of(line).complete(.forward) }),
        ("dbsh-complete-back", "the candidate before", { line, _ in Editor.of(line).complete(.backward) }),
        ("dbsh-search", "search the history", { line, _ in Editor.of(line).searchHistory() }),
        ("dbsh-paste", "insert a bracketed paste", { line, _ in Editor.of(line).paste() }),
        ("dbsh-clear-screen", "clear the screen", { line, _ in Editor.of(line).clearScreen() }),
        ("dbsh-edit", "edit in $EDITOR", { line, _ in Editor.of(line).editElsewhere() }),
        ("dbsh-vi-change", "change", { line, _ in Editor.of(line).viOperator(.change) }),
        ("dbsh-vi-delete", "delete", { line, _ in Editor.of(line).viOperator(.delete) }),
        ("dbsh-vi-yank", "copy", { line, _ in Editor.of(line).viOperator(.yank) }),
        ("dbsh-browse", "look at the last result", { line, _ in Editor.of(line).browse() }),
        ("dbsh-nothing", "beep", { line, _ in Editor.of(line).beep() }),
    ]

    static let privateKeys: [(PrivateKey, String)] = [
        (.up, "dbsh-up"), (.down, "dbsh-down"), (.left, "dbsh-left"), (.right, "dbsh-right"),
        (.home, "dbsh-line-start"),
        (.end, "dbsh-line-end"), (.delete, "dbsh-delete"), (.wordLeft, "dbsh-word-left"),
        (.wordRight, "dbsh-word-right"),
        (.backTab, "dbsh-complete-back"), (.paste, "dbsh-paste"), (.newline, "dbsh-newline"),
        (.browse, "dbsh-browse"),
    ]

    static let emacs: [(String, String)] = [
        ("^M", "dbsh-enter"), ("^J", "dbsh-enter"), ("\\e^M", "dbsh-newline"), ("\\e^J", "dbsh-newline"),
        ("^A", "dbsh-line-start"), ("^E", "dbsh-line-end"), ("^B", "dbsh-left"), ("^F", "dbsh-right"),
        ("^P", "dbsh-older"), ("^N", "dbsh-newer"), ("\\ef", "dbsh-word-right"), ("\\eb", "dbsh-word-left"),
        ("\\e<", "dbsh-text-start"), ("\\e>", "dbsh-text-end"),
        ("^H", "dbsh-backspace"), ("^?", "dbsh-backspace"), ("^D", "dbsh-delete-or-eof"),
        ("^K", "dbsh-kill-line"), ("^U", "dbsh-kill-to-start"), ("^W", "dbsh-kill-blank-word"),
        ("\\ed", "dbsh-kill-word"),
        ("\\e^?", "dbsh-kill-word-back"), ("\\e^H", "dbsh-kill-word-back"), ("^Y", "dbsh-yank"),
        ("\\ey", "dbsh-yank-older"),
        ("\\ev", "dbsh-browse"), ("^X^E", "dbsh-edit"), ("^_", "dbsh-undo"), ("^I", "dbsh-complete"),
        ("^R", "dbsh-search"),
        ("^L", "dbsh-clear-screen"),
        // ed-command: libedit's parser crashes on an unfinished quote.
        ("\\ex", "dbsh-nothing"), ("\\eX", "dbsh-nothing"),
        // Commands on libedit's own region and kill buffer, which read past the buffer's end.
        ("\\ew", "dbsh-nothing"), ("\\eW", "dbsh-nothing"), ("^@", "dbsh-nothing"), ("^X^X", "dbsh-nothing"),
        ("^X^K", "dbsh-nothing"),
    ]

    /// For terminals whose sequences go to libedit as they are, since the user binds some.
    static let emacsSequences: [(String, String)] = PrivateKey.sequences.compactMap { sequence, key in
        privateKeys.first { $0.0 == key }.map { ("\\e" + sequence, $0.1) }
    }

    static let viInsert: [(String, String)] = [
        ("^M", "dbsh-enter"), ("^J", "dbsh-enter"), ("^H", "dbsh-backspace"), ("^?", "dbsh-backspace"),
        ("^D", "dbsh-delete-or-eof"), ("^I", "dbsh-complete"), ("^R", "dbsh-search"), ("^L", "dbsh-clear-screen"),
    ]

    static let viCommand: [(String, String)] = [
        ("^M", "dbsh-enter"), ("^J", "dbsh-enter"), ("k", "dbsh-up"), ("j", "dbsh-down"), ("^R", "dbsh-search"),
        ("^L", "dbsh-clear-screen"),
        // Instead of vi-histedit, which starts an editor on libedit's private terminal.
        ("v", "dbsh-edit"),
        ("c", "dbsh-vi-change"), ("d", "dbsh-vi-delete"), ("y", "dbsh-vi-yank"),
        // ed-command as above.
        (":", "dbsh-nothing"),
    ]
}

extension Engine {
    func addCommands() {
        for command in KeyBindings.commands {
            cedit_add_command(line, immortalWide(command.name), immortalWide(command.help), command.function)
        }
    }

    func bindEmacs() {
        for (key, command) in KeyBindings.emacsSequences + KeyBindings.emacs { cedit_bind(line, key, command) }
        for (key, command) in KeyBindings.privateKeys { cedit_bind(line, Self.octal(key.rawValue), command) }
    }

    func bindVi() {
        for (key, command) in KeyBindings.viInsert { cedit_bind(line, key, command) }
        for (key, command) in KeyBindings.viCommand { cedit_bind_alternative(line, key, command) }
        for (key, command) in KeyBindings.privateKeys {
            cedit_bind(line, Self.octal(key.rawValue), command)
            cedit_bind_alternative(line, Self.octal(key.rawValue), command)
        }
        for operation in ViOperation.allCases {
            cedit_bind_alternative(line, Self.octal(operation.rawValue), operation.command)
        }
    }

    /// As editrc(5) writes a code.
    private static func octal(_ code: UInt8) -> String { "\\" + String(code, radix: 8) }
}
