import Databricks
import Results

/// `.profiles` — what is configured.
struct ProfilesCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "profiles", in: .connection, "list the profiles, and say which one is used and why",
            details: """
                The file is ~/.databrickscfg, or what DATABRICKS_CONFIG_FILE names. A profile is used when it is asked for by
                --profile or DATABRICKS_CONFIG_PROFILE, or as default_profile of [__settings__], or because it is [DEFAULT]. The
                environment beats it, except the credentials of one asked for by --profile. With a host or credentials in the
                environment and no profile named, the file is not read at all.
                """,
            examples: [.init(".profiles", "names, hosts and how each one signs in")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let listing = try ProfileListing(
            session.workspace.arguments, environment: session.environment.variables, home: session.environment.home)
        try session.presenter.show(
            [
                .text("profile"), .text("host"), .text("auth_type"), .text("cluster_id"), .text("warehouse_id"),
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
