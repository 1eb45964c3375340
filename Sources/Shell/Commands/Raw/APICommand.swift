import Databricks
import Results

/// `.api` — any request to the REST API.
struct APICommand: MetaCommand {
    let method = Argument<HTTPMethod>("METHOD", "GET, POST, PUT, PATCH, DELETE or HEAD")
    let url = Argument<String>("URL", "/2.0/clusters/list, another path on the host, or a full URL")
    static let query = Flag<[NamedValue]>("--query", short: "-q", value: "NAME=VALUE", "a query parameter")
    static let header = Flag<[HeaderLine]>("--header", short: "-H", value: "'NAME: VALUE'", "a request header")
    static let data = Flag<RawBody?>(
        "--data", short: "-d", value: "JSON|@FILE|@-", "the request body: JSON text, a file, or standard input")
    static let form = Flag<[NamedValue]>("--form", value: "NAME=VALUE", "a form field")
    static let file = Flag<[FormFile]>(
        "--file", value: "NAME=@PATH[;filename=F][;type=T]", "a file to upload (multipart form)")
    static let type = Flag<ReplyType?>(
        "--type", value: "json|text|binary", "how to read the reply (default: as its Content-Type says)")
    static let output = Flag<FilePath?>(
        "--output", short: "-o", value: "FILE", "write the reply's body to FILE unchanged")
    static let timeout = Flag<Duration?>("--timeout", value: "SECONDS", "time limit of each attempt")
    static let retries = Flag<Int?>(
        "--retries", value: "N", "retry up to N times after network errors and 5xx (default 0)")
    static let retryDelay = Flag<Int?>("--retry-delay", value: "MS", "milliseconds between attempts (default 1000)")
    static let backoff = Flag("--backoff", "double the delay after each attempt")
    static let retryAll = Flag("--retry-all", "retry after any error, not only network errors and 5xx")
    static let all = Flag("--all", "fetch all pages, by next_page_token")
    static let table = Flag<String??>("--table", value: "PATH", "show an array of the reply as a table")

    var spec: CommandSpec {
        CommandSpec(
            "api", in: .raw, "make any request to the REST API", takes: [method, url],
            flags: [
                Self.query, Self.header, Self.data, Self.form, Self.file, Self.type, Self.output, Self.timeout,
                Self.retries, Self.retryDelay, Self.backoff, Self.retryAll, Self.all, Self.table,
            ],
            details: """
                /2.0/clusters/list means https://HOST/api/2.0/clusters/list. A full URL is used unchanged; credentials are sent
                only to the connection's own host, and to the accounts host if the connection has an account id.
                JSON is printed with indentation. --table shows the reply's array, or the one at PATH (such as clusters, or
                manifest.schema.columns), in the session's mode. At a terminal, binary replies need -o.
                Nothing is retried without --retries; with it, a POST may be received more than once.
                """,
            examples: [
                .init(".api GET /2.0/clusters/list", "pretty-printed"),
                .init(".api GET /2.1/clusters/list -q page_size=20 --all --table", "as a table"),
                .init(
                    #".api POST /2.0/sql/statements -d '{"statement":"select 1","warehouse_id":"w"}'"#,
                    "with a body", runs: false),
                .init(".api GET /2.0/fs/files/Volumes/c/s/v/x.png -o x.png", "a file", runs: false),
                .init(".api POST /2.0/workspace/import --form path=/x --file content=@x.py", "a form", runs: false),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        let request = try await RawRequestReader(call: call, session: session)
            .request(call[method].name, call[url])
        let client = try await session.workspace.connected()
        try await RawReplyWriter(call: call, session: session, client: client).run(request)
    }
}

/// The method of a request.
struct HTTPMethod: ArgumentValue {
    let name: String

    static let all = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> HTTPMethod {
        let word = try String.read(&words, label)
        guard all.contains(word.uppercased()) else { throw ArgumentFailure(label, among: all, not: word) }
        return HTTPMethod(name: word.uppercased())
    }

    static var candidates: CandidateSource { .words(all.map { .init($0) }) }
}
