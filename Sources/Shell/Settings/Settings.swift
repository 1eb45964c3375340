import Databricks
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
    /// Rows shown of a large result, half from its start and half from its end; nil: as many as fit the window at a terminal,
    /// all elsewhere. 0 means all.
    var rows: Int?
    /// What stands for NULL; nil: what the format says.
    var nullText: String?
    /// What goes to a pager when it does not fit the window.
    var pager = PagerUse.help
    /// Ring after cells of this many seconds; nil: never.
    var bellAfter: Int?
    /// Say in the terminal's title what runs.
    var setsTitle = false
    /// What the prompt says; nil: as dbsh has it.
    var prompt: PromptTemplate?
    /// Draw pictures in the terminal instead of saving them.
    var drawsPictures = true
    /// Where pictures are saved besides; nil: only those that are not drawn, in dbsh's own directory.
    var pictureDirectory: String?
    /// Show the time each cell took also where no footer is shown.
    var showsTiming = false
    /// No footers, notices or greeting.
    var isQuiet = false
    var onError = OnError.stop
    /// Where `.import` stages files, when it was asked for; nil: what the profile says.
    var stagingVolume: RemotePath?
    /// A result that the service has cut short is a failure.
    var isStrict = false
    /// What is missing is installed without a question.
    var installs = false
    /// Rows after which every result is cut; nil: none.
    var maxRows: Int?
    /// How often a statement that only reads is sent again after a failure that may pass.
    var retries = 0

    enum PagerUse: String, CaseIterable {
        case on, help, off
    }

    enum OnError: String, CaseIterable {
        case stop, `continue`
    }
}
