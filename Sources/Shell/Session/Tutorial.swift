/// A tour of five minutes: each step says what there is to see and puts a cell at the prompt, for Enter to run or the
/// user to change.
final class Tutorial {
    struct Step {
        let text: String
        let cell: String
        /// Whether it needs a cluster.
        var needsCluster = false
        /// Whether it runs until it is stopped.
        var runsOn = false
    }

    static let steps = [
        Step(
            text:
                "SQL ends with a semicolon and runs on the warehouse. Enter runs this cell; change it first if you like.",
            cell: "select id, id * id as square from range(10);"),
        Step(
            text:
                "A large result shows its first and last rows. What is taller than the window goes through a pager: q leaves it, blank and b go down and up.",
            cell: "select id, id % 7 as day, rand(1) as value from range(100000);"),
        Step(
            text:
                "The last result stays at hand, in any form and as much of it as you like. Nothing runs again for this.",
            cell: ".last jsonl --rows 4"),
        Step(
            text: "Tables last as long as the workspace, views as you like. Up and Ctrl-R find what you typed.",
            cell: "create or replace temporary view squares as select id, id * id as square from range(10);"),
        Step(
            text: "Tab completes tables after FROM, columns after a dot, commands after a dot at the start.",
            cell: "select avg(s.square) from squares s;"),
        Step(
            text:
                "Python runs on the cluster, and keeps its variables. %python is for one cell, .lang python for good.",
            cell: "%python numbers = [n * n for n in range(10)]; sum(numbers)", needsCluster: true),
        Step(
            text: "Ctrl-C stops remote work and says so. Try it while this runs.",
            cell: "%python import time; time.sleep(60)", needsCluster: true, runsOn: true),
        Step(
            text:
                "& after the semicolon runs a statement in the background. A line above the prompt says when it is done.",
            cell: "select count(*) from range(50000000);&"),
        Step(text: ".jobs lists what runs and ran, .result shows what it brought.", cell: ".result"),
        Step(
            text: "Results go to files in any form: .export for the last one, .once and .output for those to come.",
            cell: ".export result.csv"),
        Step(text: "That was it. .help lists all commands, .help keys what the keys do.", cell: ".help"),
    ]

    private var number = 0

    /// The next step; nil when the tutorial is over.
    func next(hasCluster: Bool) -> (title: String, cell: String)? {
        while number < Self.steps.count, Self.steps[number].needsCluster, !hasCluster { number += 1 }
        guard number < Self.steps.count else { return nil }
        let step = Self.steps[number]
        number += 1
        return ("[\(number)/\(Self.steps.count)] \(step.text)", step.cell)
    }
}
