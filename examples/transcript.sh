# Read by every run.sh: shows each command before it runs, and errors in their place among the results.
# The command is `second-opinion` on the PATH; SECOND_OPINION=path/to/second-opinion names another one.
cd "$(dirname "$0")"
export LC_ALL=C
exec 2>&1
program=${SECOND_OPINION:-second-opinion}
hash "$program" 2>/dev/null || {
    printf '%s is not there. In the project: make setup, then export PATH="$PWD/.venv/bin:$PATH"\n' "$program"
    exit 1
}
second-opinion() { command "$program" "$@"; }

# Shows and runs what must work; anything that fails ends the run.
step() {
    printf '\n$ %s\n' "$1"
    eval "$1"
}

# Shows and runs what must be refused, and tells the exit status; ends the run where it is not refused.
refused() {
    printf '\n$ %s\n' "$1"
    if eval "$1"; then
        echo "this should have been refused"
        return 1
    else
        printf '(exit status %s)\n' "$?"
    fi
}
