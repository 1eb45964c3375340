import CEdit

/// What a command tells libedit about what it did (editline(3), EL_ADDFN).
enum Answer {
    /// libedit may have to look at its buffer anew. Never CC_CURSOR: see Engine.
    static let refresh = UInt8(CC_REFRESH)
    /// The count typed before the command is for the next one.
    static let keepsCount = UInt8(CC_ARGHACK)
    static let nothing = UInt8(CC_NORM)
    /// Beeps.
    static let error = UInt8(CC_ERROR)
    static let refreshAndBeep = UInt8(CC_REFRESH_BEEP)
    /// The text is handed in.
    static let done = UInt8(CC_NEWLINE)
    static let endOfFile = UInt8(CC_EOF)
}
