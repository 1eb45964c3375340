import Results

extension ResultPresenter {
    /// What a command changed: a sentence for people, and the new state as a result for programs. At a terminal without an
    /// explicit mode the sentence is enough.
    func show(change sentence: String, _ record: [(name: String, value: String?)]) throws {
        if !settings.isQuiet { console.say(sentence) }
        if settings.mode == nil, console.resultsReachTerminal { return }
        try show(record: record)
    }
}
