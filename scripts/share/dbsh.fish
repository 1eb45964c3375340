# Completion of dbsh's command line for fish. The options are those that `dbsh --help` lists.

function __dbsh_profiles
    set -l file ~/.databrickscfg
    set -q DATABRICKS_CONFIG_FILE; and set file $DATABRICKS_CONFIG_FILE
    string replace -rf '^\[(.*)\]\s*$' '$1' <$file 2>/dev/null | string match -v __settings__
end

function __dbsh_options
    set -l subcommand (commandline -opc)[2]
    contains -- "$subcommand" test verify serve; or set subcommand
    dbsh $subcommand --help 2>/dev/null | string replace -rf '^ +(?:-\w, )?(--[a-z-]+)(?: \S+)?  +(.*)$' '$1\t$2'
end

complete -c dbsh -n __fish_is_first_arg -a 'test verify serve'
complete -c dbsh -n 'string match -q -- "-*" (commandline -ct)' -a '(__dbsh_options)'
complete -c dbsh -s p -l profile -xa '(__dbsh_profiles)'
complete -c dbsh -s m -l mode -xa 'box table markdown vertical csv tsv json jsonl html insert auto'
complete -c dbsh -s l -l language -xa 'sql python scala r'
complete -c dbsh -l on-error -xa 'stop continue'
complete -c dbsh -l color -xa 'auto always never'
complete -c dbsh -s c -l command -x
