// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target: Swift 6 mode, warnings are errors, nothing implicit.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The shell has one user and one foreground cell: everything in it lives on the main actor unless it says otherwise.
let mainActor: [SwiftSetting] = strict + [.defaultIsolation(MainActor.self)]

/// The unit tests of one room: a target of their own, so that a change in one room rebuilds no other's tests.
func unitTests(_ room: String, _ others: Target.Dependency...) -> Target {
    .testTarget(
        name: "\(room)UnitTests", dependencies: [.init(stringLiteral: room), "Support"] + others,
        path: "Tests/UnitTests/\(room)", swiftSettings: strict)
}

let package = Package(
    name: "dbsh",
    products: [.executable(name: "dbsh", targets: ["dbsh"])],
    targets: [
        // C libraries from Debian. libcurl and libmicrohttpd are opened on first use (they bring dozens of libraries that
        // start-up should not pay for), so their targets need headers only; libedit and utf8proc are linked.
        .systemLibrary(
            name: "CLibedit", path: "Sources/C/CLibedit", pkgConfig: "libedit",
            providers: [.apt(["libedit-dev"])]),
        // (No pkgConfig for utf8proc: its .pc file carries a flag that SwiftPM warns about.)
        .systemLibrary(
            name: "CUtf8proc", path: "Sources/C/CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),
        .target(name: "CCurl", path: "Sources/C/CCurl"),
        .target(name: "CCrypto", path: "Sources/C/CCrypto"),
        .target(name: "CChafa", path: "Sources/C/CChafa"),
        .target(name: "CHTML", path: "Sources/C/CHTML"),
        .target(name: "CEdit", dependencies: ["CLibedit"], path: "Sources/C/CEdit"),
        .systemLibrary(name: "CMalloc", path: "Sources/C/CMalloc"),
        .target(name: "CMicrohttpd", path: "Sources/C/CMicrohttpd"),
        .target(name: "CSpawn", path: "Sources/C/CSpawn"),

        .target(name: "System", dependencies: ["CSpawn"], swiftSettings: strict),
        .target(name: "Text", dependencies: ["CUtf8proc"], swiftSettings: strict),
        .target(name: "SQL", dependencies: ["Text"], swiftSettings: strict),
        .target(name: "Results", dependencies: ["Text"], swiftSettings: strict),
        .target(
            name: "Databricks", dependencies: ["CCrypto", "CCurl", "Results", "SQL", "System"],
            exclude: ["API/README.md"],
            swiftSettings: strict),
        .target(
            name: "Terminal", dependencies: ["CChafa", "CEdit", "System", "Text"], exclude: ["README.md"],
            swiftSettings: strict),
        .target(
            name: "Shell", dependencies: ["CHTML", "Databricks", "Results", "SQL", "System", "Terminal", "Text"],
            swiftSettings: mainActor),
        .target(
            name: "LocalWorkspace", dependencies: ["CMicrohttpd", "System"],
            exclude: ["Engine/CONNECT.md", "Engine/PROTOCOL.md", "Engine/python", "Engine/scala"],
            swiftSettings: strict),
        .executableTarget(
            name: "dbsh", dependencies: ["CMalloc", "Databricks", "LocalWorkspace", "Shell", "System", "Terminal"],
            swiftSettings: strict),
        // Run by scripts/bench.
        .executableTarget(
            name: "ReaderBenchmark", dependencies: ["Databricks", "Shell"], path: "Tests/Benchmarks/reader",
            swiftSettings: strict),

        .target(name: "CPty", path: "Tests/CPty"),
        .target(
            name: "Support", dependencies: ["CPty", "Databricks", "Text"], path: "Tests/Support", swiftSettings: strict),
        unitTests("Text"),
        unitTests("SQL"),
        unitTests("Results", "Text"),
        unitTests("Databricks", "Results", "System"),
        unitTests("Terminal", "System"),
        unitTests("Shell", "Databricks", "Results", "Terminal", "Text"),
        unitTests("LocalWorkspace", "System"),
        .testTarget(
            name: "TerminalTests", dependencies: ["Results", "Support", "Terminal", "dbsh"], swiftSettings: strict),
        .testTarget(
            name: "WorkspaceTests",
            dependencies: ["Databricks", "LocalWorkspace", "Results", "Shell", "Support", "System", "Text", "dbsh"],
            exclude: ["Resources", "Scripts", "Transcripts"], swiftSettings: strict),
    ]
)
