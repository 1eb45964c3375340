import Testing

@testable import LocalWorkspace

/// SQL sessions.
@Suite struct SessionLifeCycleTests {
    @Test func setUpIsWrittenAsStatements() throws {
        let session = try SessionLifeCycle(
            catalog: "main", schema: "a`b",
            settings: [("TIMEZONE", "Europe/Berlin"), ("ansi_mode", "true"), ("ENABLE_PHOTON", "true"), ("k", "v")])
        #expect(
            session.setUp == [
                "USE CATALOG `main`", "USE SCHEMA `a``b`", "SET TIME ZONE 'Europe/Berlin'",
                "SET spark.sql.ansi.enabled = true", "SET k = v",
            ])
    }

    @Test func itOpensOnceEverythingIsAnswered() throws {
        var session = try SessionLifeCycle(catalog: "c", schema: "s", settings: [])
        #expect(session.begin().count == 2)
        #expect(session.begin().isEmpty)
        #expect(session.answered(nil) == false)
        #expect(session.answered(nil) == true)
        #expect(session.state == .open)
    }

    @Test func oneWithoutSetUpIsOpenAtOnce() throws {
        var session = try SessionLifeCycle(catalog: nil, schema: nil, settings: [])
        #expect(session.begin().isEmpty)
        #expect(session.state == .open)
    }
}
