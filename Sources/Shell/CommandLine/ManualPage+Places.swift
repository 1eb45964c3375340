/// What the manual says of the shell as a whole, its surroundings and its exit codes.
extension ManualPage {
    var description: [String] {
        let paragraphs = [
            """
            dbsh keeps a session with a Databricks workspace: SQL goes to a SQL warehouse, Python, Scala and R go to an execution
            context on a cluster, and results are shown as tables and pictures. At a terminal and without a script it is
            interactive; with scripts, -c, or standard input that is not a terminal it runs them and exits.
            """,
            """
            A cell of SQL ends with ; or with \\G to show its result vertically; ;& runs it in the background. %python,
            %sql, %scala and %r begin a cell in another language. Lines that begin with a dot are commands of dbsh: .help lists
            them, .help COMMAND explains one, and .tutorial is a five-minute tour. Ctrl-C cancels what is running, in the workspace
            too.
            """,
        ]
        return Array(paragraphs.map { Self.prose($0) }.joined(separator: [".Pp"]))
    }

    private static let variables: [(names: String, meaning: String)] = [
        (
            "DATABRICKS_HOST , DATABRICKS_TOKEN",
            "the workspace and a personal access token. A token is never an option, because others could see it"
        ),
        ("DATABRICKS_CLIENT_ID , DATABRICKS_CLIENT_SECRET", "a service principal, for OAuth"),
        (
            "DATABRICKS_CONFIG_PROFILE , DATABRICKS_CONFIG_FILE",
            "the profile, and the file of profiles instead of ~/.databrickscfg"
        ),
        ("DATABRICKS_CLUSTER_ID , DATABRICKS_WAREHOUSE_ID", "the cluster and the warehouse"),
        ("DBSH_ALLOW_HTTP", "if 1, credentials may go over plain http to other machines; for a lab"),
        ("DBSH_LOCAL", "if 1, the local workspace is used unless --profile or --host is given"),
        ("DBSH_ENGINE", "the directory where the engine of the local workspace is installed"),
        ("VISUAL , EDITOR", "the editor of .edit: the first that is set"),
        (
            "DBSH_PAGER , PAGER",
            "the pager for help texts taller than the window, with .pager on for results too: the first that is set"
        ),
        ("NO_COLOR", "no colors, if not empty"),
    ]

    var environment: [String] {
        [".Sh ENVIRONMENT"] + Self.list(Self.variables.map { (".It Ev \($0.names)", $0.meaning) }) + [".Pp"]
            + Self.prose("other variables are those of the Databricks SDKs")
    }

    var files: [String] {
        [".Sh FILES"] + Self.list(Paths.known.map { (".It Pa \($0.path)", $0.meaning) }) + [".Pp"]
            + Self.prose(Paths.whatMoves)
    }

    var exitStatus: [String] {
        [".Sh EXIT STATUS"] + Self.list(Report.ExitCode.allCases.map { (".It \($0.rawValue)", $0.meaning) })
    }
}
