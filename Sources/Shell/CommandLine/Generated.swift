/// What dbsh writes about itself, for `scripts/install`.
enum Generated: String, WordChoice {
    case man, bash, zsh, fish

    func text(_ manual: ManualPage) -> String {
        switch self {
        case .man: manual.text
        case .bash: ShellCompletions.bash
        case .zsh: ShellCompletions.zsh
        case .fish: ShellCompletions.fish
        }
    }
}
