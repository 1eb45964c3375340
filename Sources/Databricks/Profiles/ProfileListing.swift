/// The profiles there are, and which one a connection would use, and why: for people who wonder where they are.
package struct ProfileListing: Sendable {
    package struct Entry: Sendable {
        package let name: String
        package let host: String?
        /// How it signs in; nil when it cannot.
        package let authType: AuthType?
        /// Why it cannot be used as it stands.
        package let problem: String?
        package let clusterID: String?
        package let warehouseID: String?
        /// Whether a connection made now would use it.
        package let isUsed: Bool
    }

    /// The file they are in.
    package let path: String
    package let entries: [Entry]
    /// Which settings a connection made now would use, as a sentence.
    package let explanation: String

    /// Lists the profiles, and searches for a connection as `ConnectionResolver` does.
    /// - Throws: `ProfileError.unreadable`, `.unparsable`.
    package init(_ arguments: ConnectionArguments, environment: [String: String], home: String) throws {
        var search = ConnectionSearch(arguments: arguments, environment: environment, home: home)
        path = search.path
        let file = try ConfigurationFile.read(path: search.path)
        do {
            try search.search()
            explanation = Self.explanation(search)
        } catch {
            explanation = "\(error)"
        }
        let used = search.profile
        entries = (file?.profiles ?? []).map { profile in
            var only = ConnectionArguments(profile: profile.name, configFile: search.path)
            only.configFile = search.path
            let found = Result { try ConnectionResolver.resolve(only, environment: environment, home: home) }
            var problem: String?
            if case .failure(let error) = found { problem = "\(error)" }
            let serverless = (try? found.get())?.isServerless == true ? "serverless" : nil
            return Entry(
                name: profile.name, host: profile.shown("host"), authType: (try? found.get())?.authType,
                problem: problem, clusterID: profile.shown("cluster_id") ?? serverless,
                warehouseID: profile.shown("warehouse_id"),
                isUsed: profile.name == used)
        }
    }

    private static func explanation(_ search: ConnectionSearch) -> String {
        guard let profile = search.profile else {
            return search.aboutFile.isEmpty ? "no profile is used" : "no profile is used: \(search.aboutFile)"
        }
        let elsewhere = search.settings.origins().filter { $0.source != "profile \(profile)" }
        let others = elsewhere.map { "\($0.attribute) from \($0.source)" }.joined(separator: ", ")
        return "profile \(profile) is used: \(search.reason)" + (others.isEmpty ? "" : "; but \(others)")
    }
}
