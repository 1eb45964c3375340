/// Sees a script's cells as they run, e.g. to write a transcript.
protocol ScriptObserver: AnyObject {
    /// A cell of the script `name` is about to run; what the cell before it brought forth is out.
    func willRun(_ cell: Cell, _ name: String)
}
