import Results
import Text

/// `.jobs` — what runs in the background.
struct JobsCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "jobs", in: .jobs, "list the background jobs",
            examples: [.init(".jobs", "their numbers, states and ids")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.presenter.show(
            [
                Column(name: "job", typeText: "INT", typeName: "INT"), .text("state"), .text("time").leaving(1),
                .text("where").leaving(2), .whole("id"), .text("code"),
            ],
            rows: session.jobs.all.map {
                ["\($0.number)", $0.stateText, Quantity.seconds($0.elapsed), $0.place, $0.id, $0.title]
            })
    }
}
