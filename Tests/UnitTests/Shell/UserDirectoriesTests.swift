import Glibc
import System
import Testing

/// Where a user's files are looked for.
@Suite struct UserDirectoriesTests {
    @Test func withoutHOMEtheSystemKnowsTheUsersHome() throws {
        let known = try #require(getpwuid(getuid())).pointee.pw_dir.map { String(cString: $0) }
        #expect(UserDirectories.home([:]) == known)
        #expect(UserDirectories.home(["HOME": ""]) == known)
        #expect(UserDirectories.home(["HOME": "/elsewhere"]) == "/elsewhere")
    }
}
