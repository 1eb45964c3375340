/// How often remote work is asked after.
package enum Polling {
    /// Time to wait before asking for the first time, when the answer to the submission took `elapsed`: the question reaches
    /// the service 50 ms after the submission did, however far away it is.
    package static func firstWait(elapsed: Duration) -> Duration {
        max(.milliseconds(50) - elapsed, elapsed / 12)
    }

    /// Time to wait before asking again, when `elapsed` has passed since the work was submitted: a twelfth of it, 50 ms at
    /// least and 2 s at most. So waiting adds a tenth at most, with what the asking itself takes.
    package static func wait(elapsed: Duration) -> Duration {
        min(max(.milliseconds(50), elapsed / 12), .seconds(2))
    }
}
