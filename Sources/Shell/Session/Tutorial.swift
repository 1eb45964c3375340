/// A tour of five minutes: each step says what there is to see and puts a cell at the prompt, for Enter to run or the
/// user to change.
final class Tutorial {
    struct Step {
        /// `SQLPLACE` and `CODEPLACE` stand for where cells run.
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
                "SQL ends with a semicolon and runs on SQLPLACE. Enter runs this cell; change it first if you like.",
            cell: "select id, id * id as square from range(10);"),
        Step(
            text:
                "Of a large result, the first and last rows are shown, as many as fit the window. F3 shows all of them: arrows and PgDn move, / searches, q leaves.",
            cell: "select id, id % 7 as day, rand(1) as value from range(100000);"),
        Step(
            text:
                "The last result can be shown again, in any format and with more or fewer rows. The statement does not run again.",
            cell: ".last jsonl --rows 4"),
        Step(
            text: "A temporary view lasts until you leave. Up and Ctrl-R find what you typed before.",
            cell: "create or replace temporary view squares as select id, id * id as square from range(10);"),
        Step(
            text:
                "Tab completes table names after FROM, column names after a dot, and commands at the start of a line.",
            cell: "select avg(s.square) from squares s;"),
        Step(
            text:
                "Python runs on CODEPLACE and keeps its variables. %python is for one cell, .lang python for all that follow.",
            cell: "%python numbers = [n * n for n in range(10)]; sum(numbers)", needsCluster: true),
        Step(
            text: "Ctrl-C cancels remote work and confirms it. Try it while this runs.",
            cell: "%python import time; time.sleep(60)", needsCluster: true, runsOn: true),
        Step(
            text:
                "& after the semicolon runs a statement in the background. A message above the prompt tells when it is done.",
            cell: "select count(*) from range(50000000);&"),
        Step(text: ".jobs lists background jobs, .result shows the result of one.", cell: ".result"),
        Step(
            text: "Results can go to files: .export writes the last one, .once and .output the ones to come.",
            cell: ".export result.csv"),
        Step(text: "That is all. .help lists the commands, .help keys explains the keys.", cell: ".help"),
    ]

    private var number = 0

    /// The next step; nil when the tutorial is over.
    func next(in workspace: Workspace) -> (title: String, cell: String)? {
        while number < Self.steps.count, Self.steps[number].needsCluster, workspace.cluster == nil { number += 1 }
        guard number < Self.steps.count else { return nil }
        let step = Self.steps[number]
        number += 1
        let compute = workspace.cluster?.isServerless == true ? "serverless compute" : "the cluster"
        let code = workspace.cluster?.isConnect == true ? "this machine (Spark on \(compute))" : compute
        let text = step.text
            .replacing("SQLPLACE", with: workspace.sqlTarget == .warehouse ? "the warehouse" : compute)
            .replacing("CODEPLACE", with: code)
        return ("[\(number)/\(Self.steps.count)] \(text)", step.cell)
    }
}
