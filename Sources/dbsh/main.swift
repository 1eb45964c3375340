import Glibc
import LocalWorkspace
import Shell

let status = await Main.run(Array(CommandLine.arguments.dropFirst()))
exit(status)
