import Glibc
import Support

/// A directory of programs that stand in for the Databricks and the Azure CLI: the token they print is their command line.
final class StandInPrograms: Sendable {
    private let directory: ScratchDirectory
    /// For PATH.
    var path: String { directory.path + ":/usr/bin:/bin" }

    init(_ names: [String]) throws {
        directory = try ScratchDirectory()
        for name in names {
            let file = name.split(separator: " ").last.map(String.init) ?? name
            var text = """
                #!/bin/sh
                echo "$0 $*" >> "${0%/*}/log"
                env >> "${0%/*}/log"
                case "$STAND_IN" in
                'not signed in') echo "databricks OAuth is not configured for this host" >&2; exit 1 ;;
                chatty) echo "Hello!"; exit 0 ;;
                hangs) sleep 600 & sleep 600 ;;
                floods) yes ;;
                esac
                key=access_token; [ "${0##*/}" = az ] && key=accessToken
                printf '{"%s":"%s","token_type":"Bearer","expires_in":3600,"expires_on":%s}' \\
                    "$key" "${0##*/} $*" "$(($(date +%s) + 3600))"
                exit 0

                """
            // The size is what tells the modern Databricks CLI from the old one.
            if name == "databricks" { text += String(repeating: "#", count: 1 << 20) }
            try directory.write(text, to: file)
            chmod(directory.path(file), 0o755)
        }
    }

    /// Command lines and environments of what ran.
    var log: String { directory.contents("log") ?? "" }

    func path(of name: String) -> String { directory.path(name) }
}
