/// Every subcommand, in the order help shows them. A new one is one file and one word here.
enum Subcommands {
    static let all: [any Subcommand] = [
        SetupSubcommand(),
        LoginSubcommand(), LogoutSubcommand(), DoctorSubcommand(), TestSubcommand(), VerifySubcommand(),
        ServeSubcommand(), SessionsSubcommand(), GuideSubcommand(), MCPSubcommand(),
        HelpSubcommand(),
    ]
}
