/// What is known about a cell's work in the workspace, for reports: where it ran, by which ids, and when.
struct CellFacts {
    /// What a cell ran on.
    struct Place {
        enum Kind: String { case warehouse, cluster }

        let kind: Kind
        let id: String
        let name: String?
    }

    var place: Place?
    var statementID: String?
    /// The server-side SQL session.
    var sqlSessionID: String?
    var contextID: String?
    var commandID: String?
    /// How often it was sent (`--retry-cell`).
    var attempts = 1
    /// Files that results were written to.
    private(set) var files: [String] = []

    private var submitted: ContinuousClock.Instant?
    private var running: ContinuousClock.Instant?
    private var ended: ContinuousClock.Instant?

    mutating func add(file: String) { if !files.contains(file) { files.append(file) } }

    /// The work is about to be submitted, to that place.
    mutating func submits(to place: Place) {
        self.place = place
        (submitted, running, ended) = (.now, nil, nil)
    }

    /// The service has answered.
    mutating func progressed(isWaiting: Bool, isOver: Bool) {
        if !isWaiting, !isOver, running == nil { running = .now }
        if isOver { ended = .now }
    }

    /// How long the work waited at the service, ran there, and how long its result took until `end`; nil for what there was not.
    func times(until end: ContinuousClock.Instant) -> (queue: Duration?, run: Duration?, fetch: Duration?) {
        guard let submitted else { return (nil, nil, nil) }
        let over = ended ?? end
        // Quick work is over at the first look: then it has not waited, as far as anybody can tell.
        let started = running ?? (ended == nil ? over : submitted)
        return (started - submitted, over - started, ended.map { end - $0 })
    }
}
