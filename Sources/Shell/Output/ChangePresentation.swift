import Results

extension ResultPresenter {
    /// What a command did to something: a sentence for people, and the thing's state afterwards as a result for programs. At a
    /// terminal, where no mode was asked for, the sentence is enough.
    func show(change sentence: String, _ record: [(name: String, value: String?)]) throws {
        if !settings.isQuiet { console.say(sentence) }
        if settings.mode == nil, console.resultsReachTerminal { return }
        try show(record: record)
    }
}
