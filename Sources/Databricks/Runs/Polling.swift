/// How often remote work is asked after.
package enum Polling {
    /// Time to wait before asking (again), when `elapsed` has passed since the work was submitted: first 50 ms, then
    /// a twelfth of the time already spent, at most 2 s. So a short statement is shown at once, and waiting adds a tenth at
    /// most, with what the asking itself takes.
    package static func wait(elapsed: Duration) -> Duration {
        min(max(.milliseconds(50), elapsed / 12), .seconds(2))
    }
}
