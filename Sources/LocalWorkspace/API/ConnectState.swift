import System

/// What the Python of a bridge has told last, for a client that was not there to be told.
final class ConnectState: Sendable {
    struct Told: Sendable {
        var session: (id: String, headers: [String], since: WallTime)?
        var progress: (tasks: Int, left: Int)?
        /// Why the service is asked again.
        var waiting: String?
    }

    private let last = Locked(Told())

    var told: Told { last.withLock { $0 } }

    /// A command begins: nothing is known of it yet.
    func begin() {
        last.withLock { ($0.progress, $0.waiting) = (nil, nil) }
    }

    func note(_ notice: ConnectNotice) {
        let now = WallTime.now
        last.withLock { told in
            switch notice {
            case .session(let id, let headers): told.session = (id, headers, now)
            case .progress(let tasks, let left): (told.progress, told.waiting) = ((tasks, left), nil)
            case .waiting(let why): (told.progress, told.waiting) = (nil, why)
            case .signature: break
            }
        }
    }
}

/// Asks for it: dbsh's own route.
enum ConnectStateRoutes {
    static func routes(_ state: ConnectState) -> [Route] {
        [
            .json("GET", "/api/2.0/dbsh/connect/state") { _ in
                let told = state.told
                let session: JSON? = told.session.map {
                    [
                        "id": .string($0.id), "headers": .array($0.headers.map(JSON.string)),
                        "since": .integer($0.since.milliseconds),
                    ]
                }
                let progress: JSON? = told.progress.map { ["tasks": .integer($0.tasks), "left": .integer($0.left)] }
                return [
                    "session": session ?? .null, "progress": progress ?? .null, "waiting": .optional(told.waiting),
                ]
            }
        ]
    }
}
