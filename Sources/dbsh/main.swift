import Dispatch
import Terminal

StandardStreams.reserve()
// Begun at once, on this thread: what never waits (`--version`, `.help`) ends here too, without a single other thread.
Task.immediate { Interrupts.shared.end(await Main.run(Array(CommandLine.arguments.dropFirst()))) }
dispatchMain()
