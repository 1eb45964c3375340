# The R of one execution context: base R, without Spark. On stdin: the number of bytes of a command on a line, then the
# command. On descriptor 3: the status and the number of bytes of its output on a line, then the output.
.dbsh <- new.env()
.dbsh$input <- file("stdin", "rb")
.dbsh$answers <- file("/dev/fd/3", "wb")
.dbsh$workspace <- new.env(parent = globalenv())

# Evaluates a command with what it prints going to `.dbsh_lines`; gives the status.
.dbsh$run <- function(code) {
    status <- "ok"
    output <- textConnection(".dbsh_lines", "w")
    sink(output)
    on.exit({
        sink()
        close(output)
    })
    withCallingHandlers(
        tryCatch({
            for (expression in parse(text = code, encoding = "UTF-8")) {
                value <- withVisible(eval(expression, .dbsh$workspace))
                if (value$visible) print(value$value)
            }
        }, error = function(problem) {
            status <<- "error"
            call <- conditionCall(problem)
            ours <- is.null(call) || deparse(call[[1]])[1] %in% c("eval", "parse")
            start <- if (ours) "Error: " else paste0("Error in ", deparse(call)[1], " : ")
            cat(start, conditionMessage(problem), "\n", sep = "")
        }, interrupt = function(problem) {
            status <<- "interrupted"
        }),
        warning = function(problem) {
            cat("Warning message:\n", conditionMessage(problem), "\n", sep = "")
            invokeRestart("muffleWarning")
        },
        message = function(problem) {
            cat(conditionMessage(problem))
            invokeRestart("muffleMessage")
        })
    status
}

repeat {
    .dbsh$size <- readLines(.dbsh$input, 1)
    if (!length(.dbsh$size)) break
    .dbsh$code <- rawToChar(readBin(.dbsh$input, "raw", as.integer(.dbsh$size)))
    Encoding(.dbsh$code) <- "UTF-8"
    .dbsh$status <- .dbsh$run(.dbsh$code)
    .dbsh$bytes <- charToRaw(enc2utf8(paste(.dbsh_lines, collapse = "\n")))
    writeBin(charToRaw(paste0(.dbsh$status, " ", length(.dbsh$bytes), "\n")), .dbsh$answers)
    writeBin(.dbsh$bytes, .dbsh$answers)
    flush(.dbsh$answers)
}
