import Results

extension Client {
    /// All items of a list that comes in pages. A page may be empty while there are more; the end is a missing or empty
    /// token.
    func pages(_ path: String, _ query: [(String, String?)], items: String) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        var token: String?
        repeat {
            let page = try await json(.get(path, query + [("page_token", token)]))
            all += page.elements(items)
            let next = page.string("next_page_token")
            // The same token again would never end.
            token = next == token ? nil : next
        } while token != nil
        return all
    }
}
