import Databricks
import Results

/// `.profiles` — what is configured.
struct ProfilesCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "profiles", in: .connection, "list the profiles, and show which one is used and why",
            details: """
                They are read from ~/.databrickscfg, or the file that DATABRICKS_CONFIG_FILE names. The profile is the one named
                by --profile, by DATABRICKS_CONFIG_PROFILE, or by default_profile in [__settings__]; otherwise [DEFAULT].
                Environment variables take precedence over it, except over the credentials of a profile named by --profile.
                If the environment has a host or credentials and no profile is named, the file is not read.
                """,
            examples: [.init(".profiles", "names, hosts and authentication types")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let listing = try ProfileListing(
            session.workspace.arguments, environment: session.environment.variables, home: session.environment.home)
        try session.presenter.show(
            [
                .text("profile"), .text("host"), .text("auth_type").leaving(1),
                .whole("cluster_id").leaving(3), .whole("warehouse_id").leaving(2),
                .text("used"), .text("problem"),
            ],
            rows: listing.entries.map {
                [
                    $0.name, $0.host, $0.authType?.rawValue, $0.clusterID, $0.warehouseID, $0.isUsed ? "yes" : "no",
                    $0.problem,
                ]
            })
        let isLocal = session.workspace.isLocal
        session.console.say(isLocal ? "the local workspace is used, no profile" : listing.explanation)
    }
}
