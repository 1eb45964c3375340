import Databricks
import Glibc
import Shell

/// How fast the cell reader is: MB/s for scripts of 25 and of 50 MB, so that it can be seen to be linear, as they come
/// from a file (64 KiB at a time). CPU time, so that other programs count as little as they can. Prints the best of three runs each, and the ratio of the two times.

/// A script made of `piece` again and again, of at least `megabytes` MB.
func script(_ piece: String, megabytes: Int) -> [UInt8] {
    let bytes = Array(piece.utf8)
    var text: [UInt8] = []
    text.reserveCapacity(megabytes * 1_000_000 + bytes.count)
    while text.count < megabytes * 1_000_000 { text += bytes }
    return text
}

/// Seconds of CPU this process has used, which other programs on the machine do not lengthen (clock_gettime(2)).
func processTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Seconds that reading the script takes, and the number of cells.
func read(_ text: [UInt8], _ language: Language) -> (seconds: Double, cells: Int) {
    let start = processTime()
    var reader = CellReader(language: language, commands: ["mode"])
    var cells = 0
    var from = 0
    while from < text.count {
        let to = min(text.count, from + 65536)
        reader.append(text[from..<to])
        while reader.next() != nil { cells += 1 }
        from = to
    }
    reader.finish()
    while reader.next() != nil { cells += 1 }
    return (processTime() - start, cells)
}

func measure(_ name: String, _ language: Language, _ make: (_ megabytes: Int) -> [UInt8]) {
    var best: [Double] = []
    for megabytes in [25, 50] {
        let text = make(megabytes)
        let runs = (0..<3).map { _ in read(text, language) }
        let seconds = runs.map(\.seconds).min() ?? 0
        best.append(seconds)
        let speed = Int(Double(text.count) / 1e6 / seconds)
        print("  \(name), \(megabytes) MB: \(speed) MB/s (\(runs[0].cells) cells)")
    }
    print("  \(name): twice the input takes \(Double(Int(best[1] / best[0] * 100)) / 100) times as long")
}

let statements = """
    -- one row of many
    insert into sales.orders partition (day = '2024-05-17') values (184467, 'O''Brien; & Sons', 12.50, null, timestamp'2024-05-17 12:00:00');
    select o.id, c.name, sum(o.amount) as total /* per; customer */ from sales.orders o join sales.customers c on o.customer = c.id
    where o.day between '2024-01-01' and '2024-12-31' and c.name rlike r'^O\\'' group by all having total > 100 order by total desc limit 10;

    """
let compound = """
    begin
      declare total int default 0;
      for r as select amount from sales.orders do
        if r.amount > 10 then set total = total + case when r.amount > 100 then 2 else 1 end; end if;
      end for;
      select total;
    end;

    """
let python = """
    def load(path, *, schema=None):
        \"\"\"Reads one file.\"\"\"
        return spark.read.csv(path, schema=schema, header=True)  # it's enough
    # %%

    """

print("reader:")
measure("SQL statements", .sql) { script(statements, megabytes: $0) }
measure("SQL compound blocks", .sql) { script(compound, megabytes: $0) }
measure("Python", .python) { script(python, megabytes: $0) }
measure("SQL on one line", .sql) { script("select 'a', b from c;", megabytes: $0) }
measure("one statement on one line", .sql) { script("'abc', 12345, ", megabytes: $0) }
measure("%sql on one line", .python) { Array("%sql ".utf8) + script("select 'a', b from c;", megabytes: $0) }
