/// A command that shows a setting, or sets it: `.pager`, `.pager off`.
protocol SettingCommand: MetaCommand {
    associatedtype Setting: ArgumentValue
    /// The new setting; when it is left out, the current one is shown.
    var value: Argument<Setting?> { get }
    /// The current setting, as it would be typed.
    static func text(in session: Session) throws -> String
    static func set(_ value: Setting, in session: Session) throws
}

extension SettingCommand {
    func run(_ call: Call, in session: Session) async throws {
        if let value = call[value] {
            try Self.set(value, in: session)
        } else {
            try session.console.result(text: try Self.text(in: session))
        }
    }
}

/// A setting that is on or off.
protocol SwitchCommand: SettingCommand where Setting == Switch {
    static var setting: ReferenceWritableKeyPath<Session, Bool> { get }
}

extension SwitchCommand {
    static func text(in session: Session) -> String { session[keyPath: setting] ? "on" : "off" }
    static func set(_ value: Switch, in session: Session) { session[keyPath: setting] = value == .on }
}
