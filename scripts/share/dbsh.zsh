#compdef dbsh
# Completion of dbsh's command line for zsh. The options are those that `dbsh --help` lists.

_dbsh_profiles() {
    local -a profiles
    profiles=(${(f)"$(sed -n 's/^\[\(.*\)\][[:space:]]*$/\1/p' ${DATABRICKS_CONFIG_FILE:-$HOME/.databrickscfg} 2>/dev/null)"})
    compadd -- ${profiles:#__settings__}
}

_dbsh() {
    local subcommand='' line
    local -a options
    [[ ${words[2]} == (test|verify|serve) && $CURRENT -gt 2 ]] && subcommand=${words[2]}
    case ${words[CURRENT - 1]} in
        -p|--profile) _dbsh_profiles; return ;;
        -m|--mode) compadd box table markdown vertical csv tsv json jsonl html insert auto; return ;;
        -l|--language) compadd sql python scala r; return ;;
        --on-error) compadd stop continue; return ;;
        --color) compadd auto always never; return ;;
        -c|--command|-P|--param|--host|--cluster|--warehouse|--catalog|--schema|--jobs|--port) return ;;
    esac
    if [[ ${words[CURRENT]} == -* ]]; then
        # "  -p, --profile NAME      a profile …" becomes "--profile:a profile …".
        for line in ${(f)"$(${words[1]} ${subcommand:+$subcommand} --help 2>/dev/null)"}; do
            [[ $line =~ '^ +(-[A-Za-z], )?(--[a-z-]+)( [^ ]+)?  +(.*)$' ]] && options+=("${match[2]}:${match[4]}")
        done
        _describe option options
        return
    fi
    (( CURRENT == 2 )) && compadd test verify serve
    _files
}

_dbsh "$@"
