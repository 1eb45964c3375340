import System

/// Statement Execution API 2.0.
enum StatementRoutes {
    static func routes(_ workspace: Workspace, base: @escaping @Sendable () -> String) -> [Route] {
        let statements = "/api/2.0/sql/statements"
        return [
            .json("POST", statements) { request in
                let id = try await submit(RequestBody(request), workspace, base())
                return try await answer(id, workspace, base())
            },
            .json("GET", statements + "/{id}") { request in
                try await answer(request.pathParameters["id"] ?? "", workspace, base())
            },
            .json("DELETE", statements + "/{id}") { request in
                try await workspace.closeStatement(request.pathParameters["id"] ?? "")
                return [:]
            },
            .json("POST", statements + "/{id}/cancel") { request in
                let statement = try await workspace.statement(request.pathParameters["id"] ?? "")
                await workspace.cancelStatement(statement.id)
                return [:]
            },
            .json("GET", statements + "/{id}/result/chunks/{index}") { request in
                let statement = try await workspace.statement(request.pathParameters["id"] ?? "")
                return try await chunk(request.pathParameters["index"] ?? "", of: statement, workspace, base())
            },
        ]
    }

    /// Submits, and waits as long as the client asked for. Returns the statement's id.
    private static func submit(_ body: RequestBody, _ workspace: Workspace, _ base: String) async throws -> String {
        try workspace.requireWarehouse(body.requiredString("warehouse_id"))
        let waiting = try StatementWaiting(body)
        let request = try StatementRequest(body)
        let id =
            if let statement = VolumeStatement(request.sql) {
                try await workspace.submit(statement, request, links: base + ResultLinkRoutes.volumes)
            } else {
                try await workspace.submit(request)
            }
        await workspace.waitForEnd(of: id, atMost: waiting.limit)
        if waiting.cancels { await workspace.cancelStatement(id) }
        return id
    }

    private static func answer(_ id: String, _ workspace: Workspace, _ base: String) async throws -> JSON {
        let statement = try await workspace.statement(id)
        let object: JSON = ["statement_id": .string(id), "status": status(statement.state)]
        guard case .succeeded(let output) = statement.state else { return object }
        let result: JSON =
            if let first = statement.chunks(of: output).first {
                try await content(of: first, output, statement, workspace, base)
            } else {
                [:]
            }
        return object.adding(["manifest": manifest(output, statement), "result": result])
    }

    private static func status(_ state: StatementLifeCycle.State) -> JSON {
        let object: JSON = ["state": .string(state.name)]
        guard case .failed(let failure) = state else { return object }
        return object.adding([
            "error": ["error_code": .string(failure.code), "message": .string(failure.message)],
            "sql_state": .optional(failure.sqlState),
        ])
    }

    private static func manifest(_ output: StatementOutput, _ statement: StatementLifeCycle) -> JSON {
        let columns: JSON = output.columns.isEmpty ? .null : .array(output.columns)
        let schema: JSON = ["column_count": .integer(output.columns.count)]
        let chunks = statement.chunks(of: output)
        let object: JSON = [
            "format": .string(statement.request.format.rawValue), "schema": schema.adding(["columns": columns]),
        ]
        return object.adding([
            "total_chunk_count": .integer(chunks.count), "total_row_count": .integer(output.rowCount),
            "total_byte_count": .integer(output.byteCount), "truncated": .bool(output.truncated),
            "chunks": chunks.isEmpty ? .null : .array(chunks.map(extent)),
            "is_volume_operation": output.isVolumeOperation ? true : .null,
        ])
    }

    private static func extent(_ chunk: StatementOutput.Chunk) -> JSON {
        [
            "chunk_index": .integer(chunk.index), "row_offset": .integer(chunk.rowOffset),
            "row_count": .integer(chunk.rowCount), "byte_count": .integer(chunk.byteCount),
        ]
    }

    private static func chunk(
        _ index: String, of statement: StatementLifeCycle, _ workspace: Workspace, _ base: String
    ) async throws -> JSON {
        switch statement.state {
        case .succeeded(let output):
            guard let number = Int(index), let chunk = output.chunks.first(where: { $0.index == number }) else {
                throw APIError.invalidParameter("The statement \(statement.id) has no chunk '\(index)'.")
            }
            return try await content(of: chunk, output, statement, workspace, base)
        case .closed:
            throw APIError.notFound("The result of statement \(statement.id) is no longer available.")
        case .pending, .running, .failed, .canceled:
            throw APIError.invalidState(
                "The statement \(statement.id) has no result: it is \(statement.state.name).")
        }
    }

    /// A chunk's rows, or the link to them.
    private static func content(
        of chunk: StatementOutput.Chunk, _ output: StatementOutput, _ statement: StatementLifeCycle,
        _ workspace: Workspace, _ base: String
    ) async throws -> JSON {
        let following = output.chunks.first { $0.index == chunk.index + 1 }
        let next: KeyValuePairs<String, JSON> = [
            "next_chunk_index": following.map { .integer($0.index) } ?? .null,
            "next_chunk_internal_link": following.map {
                let path = "/api/2.0/sql/statements/\(statement.id)/result/chunks"
                return .string("\(path)/\($0.index)?row_offset=\($0.rowOffset)")
            } ?? .null,
        ]
        switch statement.request.disposition {
        case .inline:
            return extent(chunk).adding(next).adding(["data_array": .raw(try rows(chunk.source))])
        case .externalLinks:
            let link = await workspace.link(chunk, of: statement)
            let described = extent(chunk).adding(next).adding([
                "external_link": .string(base + ResultLinkRoutes.path + "/" + link.name),
                "expiration": .string(link.expires.textWithMilliseconds),
            ])
            return ["external_links": [described]]
        }
    }

    private static func rows(_ source: StatementOutput.Chunk.Source) throws -> [UInt8] {
        switch source {
        case .rows(let rows): return rows
        case .file(let path):
            guard let rows = try? Files.read(path) else {
                throw APIError(500, "INTERNAL_ERROR", "A part of the result cannot be read any more.")
            }
            return rows
        }
    }
}
