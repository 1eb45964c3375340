import Support
import Testing

@testable import Databricks

/// What a profile that is written does to the file.
struct ProfileWriterTests {
    private let values = [("host", "https://h.example"), ("auth_type", "databricks-cli")]

    @Test(arguments: [
        ("", "[dev]\nhost = https://h.example\nauth_type = databricks-cli\n"),
        (
            "# mine\n[a]\nhost=x\n",
            "# mine\n[a]\nhost=x\n\n[dev]\nhost = https://h.example\nauth_type = databricks-cli\n"
        ),
        (
            "[dev]\n; why\nHost : old\nfoo = 1 # kept\n\n# about z\n[z]\nhost = z",
            "[dev]\n; why\nhost = https://h.example\nfoo = 1 # kept\nauth_type = databricks-cli\n\n# about z\n[z]\nhost = z\n"
        ),
        ("[dev]\n[z]\n", "[dev]\nhost = https://h.example\nauth_type = databricks-cli\n[z]\n"),
    ])
    func touchesOnlyItsLines(before: String, after: String) throws {
        #expect(ProfileWriter.edited(before, "dev", values) == after)
        #expect(ProfileWriter.edited(after, "dev", values) == after)
        let file = try ConfigurationFile(path: "f", text: after)
        #expect(file.profile("dev")?["host"] == "https://h.example")
    }

    @Test func theFilesOwnSectionIsNoProfile() throws {
        let home = try ScratchDirectory()
        #expect(throws: ProfileError.self) {
            try ProfileWriter([:], home: home.path).write("__settings__", host: "https://h.example", accountID: nil)
        }
        #expect(home.contents(".databrickscfg") == nil)
    }
}
