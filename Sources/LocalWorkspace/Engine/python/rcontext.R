# The R of one execution context: base R, without Spark. On stdin: the number of bytes of a command on a line, then the
# command. On descriptor 3: the status and the number of bytes of its output on a line, then the output.
input <- file("stdin", "rb")
answers <- file("/dev/fd/3", "wb")
workspace <- new.env(parent = globalenv())
repeat {
    size <- readLines(input, 1)
    if (!length(size)) break
    code <- rawToChar(readBin(input, "raw", as.integer(size)))
    Encoding(code) <- "UTF-8"
    status <- "ok"
    lines <- capture.output(type = "output", withCallingHandlers(
        tryCatch({
            for (expression in parse(text = code, encoding = "UTF-8")) {
                value <- withVisible(eval(expression, workspace))
                if (value$visible) print(value$value)
            }
        }, error = function(problem) {
            status <<- "error"
            call <- conditionCall(problem)
            cat(if (is.null(call)) "Error: " else paste0("Error in ", deparse(call)[1], " : "), conditionMessage(problem), "\n", sep = "")
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
        }))
    bytes <- charToRaw(enc2utf8(paste(lines, collapse = "\n")))
    writeBin(charToRaw(paste0(status, " ", length(bytes), "\n")), answers)
    writeBin(bytes, answers)
    flush(answers)
}
