import Terminal

/// `dbsh setup` — install what dbsh needs for some of what it does.
struct SetupSubcommand: Subcommand {
    let part = Argument<Setup.Part>("connect|engine", "what to install")

    var spec: ProgramSpec {
        ProgramSpec(
            "setup", "install Python for serverless compute, or the local workspace's engine", takes: [part],
            details: """
                connect is Python for serverless compute, which runs on this machine (.help serverless); engine is the local
                workspace's. Everything has a fixed version, comes from PyPI and goes to ~/.cache/dbsh. What is there already is not
                fetched again. Python 3.10 or newer is needed (3.11 for the engine); python3.12 is used
                for connect if there is one.
                """,
            examples: [.init("dbsh setup connect", "before the first script that uses serverless compute")])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        try await Setup.run(call[part], program.environment, interrupts: .shared)
        return 0
    }
}

extension Setup.Part: WordChoice {
    var note: String {
        switch self {
        case .connect: "Python for serverless compute: 125 MB from PyPI, 460 MB on disk, under a minute"
        case .engine: "Spark and Java for the local workspace: 560 MB from PyPI, 1.1 GB on disk, some minutes"
        }
    }
}
