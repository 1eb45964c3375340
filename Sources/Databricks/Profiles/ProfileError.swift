/// What is wrong with the configuration file or the host that it, the environment or an argument gives.
package enum ProfileError: Error, Sendable, Equatable {
    /// `__settings__` holds settings, it is not a profile.
    case reservedName(String)
    /// `source` says who asked for it, such as `DATABRICKS_CONFIG_PROFILE`; `available` are the profiles there are, nil without a
    /// file.
    case missing(profile: String, path: String, source: String, available: [String]?)
    /// The file is not INI. `line` counts from 1.
    case unparsable(path: String, line: Int, reason: String)
    case unreadable(path: String, reason: String)
    /// More than one profile is for this host, so one must be named.
    case ambiguousHost(String, profiles: [String])
    /// `serverless_compute_id` is not `auto`; `origin` says where it was found.
    case serverlessValue(String, origin: String)
    /// A cluster and serverless compute are both chosen, each by its origin.
    case twoComputes(String, String)
}

extension ProfileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .reservedName(let name):
            "\(name) is a reserved section and cannot be used as a profile"
        case .missing(let profile, let path, let source, let available):
            if let available {
                "\(path) has no profile \(profile) (asked for by \(source)); it has "
                    + (available.isEmpty ? "none at all" : available.joined(separator: ", "))
            } else {
                "there is no \(path), and so no profile \(profile) (asked for by \(source))"
            }
        case .unparsable(let path, let line, let reason):
            "\(path):\(line): \(reason)"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .ambiguousHost(let host, let profiles):
            "\(host) is in more than one profile (\(profiles.joined(separator: ", "))): name one with --profile"
        case .serverlessValue(let value, let origin):
            "\(origin) must be auto, not “\(value)”"
        case .twoComputes(let cluster, let serverless):
            "\(cluster) and \(serverless) are both set: code runs on one of them; unset the other, "
                + "or choose with --cluster or --serverless"
        }
    }
}
