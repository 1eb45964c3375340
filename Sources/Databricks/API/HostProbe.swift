import Glibc
import System

/// How far it is to a host: its addresses, what the network says, and the server's clock.
package struct HostProbe: Sendable {
    /// Addresses that the name has here; empty when there are none, and where a proxy looks them up instead.
    package let addresses: [String]
    /// The variable that names a proxy for the host, and the proxy's own host and port.
    package let proxy: (variable: String, host: String)?
    /// From the request to its answer, with the connection and TLS.
    package let elapsed: Duration
    /// Seconds by which this machine's clock is ahead of the server's; nil when the server tells no time.
    package let clockAhead: Double?
    /// What failed; nil when something answered in HTTP.
    package let failure: (any Error)?

    /// Asks the host for what anybody may ask, once, for 10 s at most.
    package static func run(_ host: String, _ environment: [String: String], _ transport: any Transport) async
        -> HostProbe
    {
        let proxy = proxy(for: host, environment)
        let addresses = proxy == nil ? await addresses(of: host) : []
        var request = HTTPRequest("GET", host + "/.well-known/databricks-config")
        request.totalTimeout = .seconds(10)
        request.connectTimeout = .seconds(10)
        let start = ContinuousClock.now
        do {
            let head = try await transport.send(request).head
            let elapsed = start.duration(to: .now)
            let server = head["date"].flatMap { HTTPDate.epoch(of: $0.trimmingSpaces()) }
            // The server wrote the time somewhere on the way, and cut it to whole seconds.
            let middle = WallTime.now.seconds - elapsed / .seconds(1) / 2
            return HostProbe(
                addresses: addresses, proxy: proxy, elapsed: elapsed,
                clockAhead: server.map { middle - Double($0) - 0.5 },
                failure: nil)
        } catch {
            return HostProbe(
                addresses: addresses, proxy: proxy, elapsed: start.duration(to: .now), clockAhead: nil, failure: error)
        }
    }

    /// As libcurl looks for it.
    private static func proxy(for host: String, _ environment: [String: String]) -> (variable: String, host: String)? {
        guard !HostURL.isLoopback(host), !isExempt(HostURL.authority(of: host), environment) else { return nil }
        let own = host.hasPrefix("https://") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        for variable in own + ["all_proxy", "ALL_PROXY"] {
            guard let value = environment[variable], !value.isEmpty else { continue }
            // A proxy's address may hold a password.
            return (variable, HostURL.authority(of: value.contains("://") ? value : "http://" + value))
        }
        return nil
    }

    private static func isExempt(_ host: String, _ environment: [String: String]) -> Bool {
        let name = host.prefix { $0 != ":" }
        let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        return list.split(whereSeparator: { $0 == "," || $0 == " " }).contains { entry in
            let entry = entry.hasPrefix(".") ? entry.dropFirst() : entry
            return entry == "*" || name == entry || name.hasSuffix("." + entry)
        }
    }

    /// getaddrinfo(3), on a thread of its own: it blocks.
    private static func addresses(of host: String) async -> [String] {
        let authority = HostURL.authority(of: host)
        let name = String(
            authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" })
        return await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = { continuation.resume(returning: look(up: name)) }
            if !BlockingThread.start(named: "lookup", work) { continuation.resume(returning: []) }
        }
    }

    private static func look(up name: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
                found.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = entry.ai_next
        }
        return found
    }
}
