import System

/// What statements about files in volumes are answered with.
extension Workspace {
    /// Takes a statement about a file, which needs no engine, and answers it. Returns its id.
    /// - Parameter links: the URL that the names of links are below.
    func submit(_ statement: VolumeStatement, _ request: StatementRequest, links base: String) throws -> String {
        let id = try note(request)
        answer(statement, links: base, id: id)
        return id
    }

    private func answer(_ statement: VolumeStatement, links base: String, id: String) {
        do {
            let path = try data.files.volumePath(statement.path)
            let there = data.files.entry(path)
            if case .put(_, _, false) = statement, there != nil {
                throw APIError(409, "ALREADY_EXISTS", "The file \(path) already exists. Use OVERWRITE to replace it.")
            }
            if statement.operation != "PUT", there == nil || there?.isFolder == true {
                throw APIError(404, "NOT_FOUND", "The file being accessed is not found: \(path)")
            }
            let name = volumeLink(path, method: statement.method)
            let cells =
                [
                    ("operation", statement.operation), ("presignedUrl", base + "/" + name),
                    ("headers", #"{"x-amz-acl":"private"}"#),
                ] + (statement.localFile.map { [("localFile", $0)] } ?? [])
            let rows = JSON.array([.array(cells.map { .string($0.1) })]).bytes
            let columns = cells.enumerated().map { index, cell -> JSON in
                ["name": .string(cell.0), "position": .integer(index), "type_name": "STRING", "type_text": "STRING"]
            }
            var output = StatementOutput(
                columns: columns, rowCount: 1, truncated: false,
                chunks: [.init(index: 0, rowOffset: 0, rowCount: 1, byteCount: rows.count, source: .rows(rows))])
            output.isVolumeOperation = true
            statementSucceeded(id, output)
        } catch {
            let message = (error as? APIError)?.body["message"]?.string ?? "\(error)"
            statements[id]?.failed(StatementFailure(code: "BAD_REQUEST", message: message, sqlState: "42000"), at: .now)
            wake(id)
        }
    }

    /// Makes a link to a file, or to what `use` says. Returns its name, which cannot be guessed.
    func volumeLink(_ path: String, method: String, use: VolumeLink.Use = .file) -> String {
        let now = WallTime.now
        volumeLinks = volumeLinks.filter { $0.value.expires > now }
        let name = Random.hexadecimal(bytes: 24)
        volumeLinks[name] = VolumeLink(method: method, path: path, expires: now + Self.linkLifetime, use: use)
        return name
    }

    /// What a link stands for; nil when there is none for this method, or it has expired.
    func volumeLink(named name: String, method: String) -> VolumeLink? {
        guard let link = volumeLinks[name], link.method == method, link.expires > .now else { return nil }
        return link
    }
}
