/// What `.help` says about things that are no commands.
struct Topic {
    let name: String
    let summary: String
    let text: String

    static let all = [
        Topic(
            name: "keys", summary: "editing, history, completion",
            text: """
                Enter          runs the cell when it is complete, else opens a line; Alt-Enter always opens one
                Ctrl-C         drops what is typed; stops what runs, and pressed again stops waiting for that
                Ctrl-D         leaves, at an empty prompt
                Tab            completes commands, arguments, tables after FROM, clauses after those, columns after a dot,
                               Python names; a list is shown first, and further Tabs go through it
                Up, Down       move in the cell, then through the history: entries that begin with what is typed
                Ctrl-R         searches the history
                Ctrl-_         undoes
                Ctrl-Z         suspends dbsh; fg brings it back
                ~/.editrc      has key bindings (editrc(5)): bind -v for vi's

                A line that begins with a space is not kept in the history, nor is one that holds a secret.
                """),
        Topic(
            name: "cells", summary: "what is run when, and where",
            text: """
                select 1;             SQL ends with ; and goes to the warehouse, without one to the cluster
                select 1\\G            the result vertically
                select 1;&            in the background
                %python print(1)      one cell in Python, Scala (%scala) or R (%r), on the cluster
                .lang python          from now on plain cells are Python; a blank line ends a block
                %run FILE             a script or notebook; %md is a note; %pip, %sh and %fs go to the cluster
                .help                 a line that begins with a dot is a command of dbsh
                """),
        Topic(
            name: "stopping", summary: "Ctrl-C, lost contexts, leaving",
            text: """
                Ctrl-C cancels the statement or command at the workspace, says so, and waits until that is confirmed.
                Ctrl-C again stops waiting; dbsh then says the id of what may still be running.
                When a cluster is restarted or a context evicted, its variables are lost: dbsh says so, runs nothing again,
                and makes a new context for the next cell.
                Leaving destroys the contexts that dbsh made. After a crash, dbsh --resume goes on with them.
                """),
        Topic(
            name: "background", summary: "jobs",
            text: """
                select count(*) from range(1000000);&   starts a job; the prompt is back as soon as it has an id
                .bg %python sum(range(1000))            the same for any code
                .jobs   .wait [N]   .result N   .cancel [N]
                Statements run side by side. The commands of one cluster queue in its context, cells behind jobs too.
                """),
        Topic(
            name: "results", summary: "forms, files, pictures",
            text: """
                .mode json            how results are drawn; .help mode lists the forms
                .rows 100             how many rows of a large result are shown
                .last vertical        the last result again, without running anything
                .export all.csv       the last result to a file; .once and .output for those to come
                .plot                 a chart of the last result
                .image DIR            pictures are drawn, and saved in DIR
                .pager off            no pager; it is $DBSH_PAGER, $PAGER or less -SRFX
                """),
    ]

    static func named(_ name: String) -> Topic? { all.first { $0.name == name } }
}
