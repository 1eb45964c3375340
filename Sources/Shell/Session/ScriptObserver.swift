/// Is notified of a script's cells as they run, e.g. to write a transcript.
protocol ScriptObserver: AnyObject {
    /// A cell of the script `name` is about to run; the output of the cell before it has been written.
    func willRun(_ cell: Cell, _ name: String)
    /// It was passed over instead, because an `.if` says so.
    func passedOver()
}
