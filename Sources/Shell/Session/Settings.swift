import Results

/// What the user has set about how results and scripts behave.
struct Settings {
    /// nil: box at a terminal, csv elsewhere.
    var mode: Format?
    /// `.mode auto`: box, or vertical when the terminal is too narrow for it.
    var choosesByWidth = false
    /// Columns that results are fitted to; nil: those of the terminal, elsewhere unlimited. 0 is unlimited.
    var lineWidth: Int?
    /// Columns that one cell of a box or table may take; nil: as many as there are.
    var cellWidth: Int?
    /// Rows shown of a large result, half from its start and half from its end; nil: 40 at a terminal, all elsewhere.
    /// 0 means all.
    var rows: Int?
    /// What stands for NULL; nil: what the format says.
    var nullText: String?
    /// Show the time each cell took also where no footer is shown.
    var showsTiming = false
    /// No footers, notices or greeting.
    var isQuiet = false
    var onError = OnError.stop

    enum OnError: String, WordChoice {
        case stop, `continue`
    }
}
