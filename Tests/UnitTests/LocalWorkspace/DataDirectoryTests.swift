import Glibc
import Support
import System
import Testing

@testable import LocalWorkspace

/// What a workspace leaves on disk.
@Suite struct DataDirectoryTests {
    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test func aTemporaryRootGoesAway() throws {
        let data = try DataDirectory(path: nil)
        #expect(exists(data.scratch + "/lock"))
        data.close()
        #expect(!exists(data.root))
    }

    @Test func scratchOfAServerThatWasKilledIsRemovedByTheNext() throws {
        let folder = try ScratchDirectory()
        let abandoned = folder.path + "/run/0123"
        try Files.makeDirectory(abandoned)
        close(open(abandoned + "/lock", O_WRONLY | O_CREAT, 0o600))
        let first = try DataDirectory(path: folder.path)
        #expect(!exists(abandoned))
        let second = try DataDirectory(path: folder.path)
        #expect(exists(first.scratch), "a server that lives keeps its own")
        first.close()
        second.close()
        #expect(exists(folder.path + "/logs"))
    }

    @Test func aTemporaryRootOfAServerThatWasKilledIsRemovedByTheNext() throws {
        let living = try DataDirectory(path: nil)
        let base = String(living.root.prefix(upTo: living.root.lastIndex(of: "/")!))
        let abandoned = base + "/dbsh-workspace-abandoned-\(getpid())"
        try Files.makeDirectory(abandoned + "/run/0123")
        close(open(abandoned + "/run/0123/lock", O_WRONLY | O_CREAT, 0o600))
        let unknown = base + "/dbsh-workspace-unknown-\(getpid())"
        try Files.makeDirectory(unknown)
        try DataDirectory(path: nil).close()
        #expect(!exists(abandoned))
        #expect(exists(living.scratch))
        #expect(exists(unknown), "one that was never a root, or is being made, is left alone")
        Files.removeTree(unknown)
        living.close()
    }

    /// A server that looks for what was left behind, just while another makes its own.
    @Test func serversThatStartAtOnceLeaveEachOtherAlone() async throws {
        let folder = try ScratchDirectory()
        let lost = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var lost = 0
                    for _ in 0..<100 {
                        let data = try DataDirectory(path: folder.path)
                        if access(data.scratch + "/lock", F_OK) != 0 { lost += 1 }
                        data.close()
                    }
                    return lost
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(lost == 0)
    }
}
