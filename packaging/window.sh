# Shows that a program opens its window. Sourced by scripts/package.

# A picture of a window without rows is smaller.
LEAST_PICTURE=150000

# Runs COMMAND on a display of its own until it shows a window with something in it, leaves PICTURE, and closes the window.
opens_window() {
    local picture=$1 server app number until=$((SECONDS + 120))
    shift
    install_packages xvfb xdotool scrot
    number=$(mktemp)
    Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$number" 2>/dev/null &
    server=$!
    started+=("$server")
    while [ ! -s "$number" ]; do keep_waiting "Xvfb did not start"; done
    local -x DISPLAY
    DISPLAY=":$(cat "$number")"
    rm -f "$number"
    # A group of its own, so that all of it can be ended.
    set -m
    "$@" >"$picture.log" 2>&1 &
    app=$!
    set +m
    started+=("-$app")
    until shows_something "$picture"; do
        kill -0 "$app" 2>/dev/null || fail "no window, the program ended: $(tail -n 3 "$picture.log")"
        keep_waiting "no window with something in it; see $picture"
    done
    printf 'a window, in %s\n' "$picture"
    # What the caller has to try with the window open.
    "${while_open:-true}"
    timeout 10 xdotool key ctrl+q || true
    until=$((SECONDS + 30))
    while kill -0 "$app" 2>/dev/null; do keep_waiting "the window does not close"; done
    kill "$server"
    wait "$server" 2>/dev/null || true
    started=()
}

keep_waiting() {
    [ "$SECONDS" -lt "$until" ] || fail "$1"
    sleep 0.3
}

shows_something() {
    local window
    window=$(timeout 10 xdotool search --onlyvisible --name SkyBackup 2>/dev/null | head -n 1)
    [ -n "$window" ] || return 1
    # There is no window manager here to give it the keyboard.
    timeout 10 xdotool windowfocus "$window" || return 1
    timeout 10 scrot -o "$1" && [ "$(stat -c %s "$1")" -ge "$LEAST_PICTURE" ]
}

# For the end of the script, which may come in the middle.
end_started() { [ ${#started[@]} -eq 0 ] || kill -- "${started[@]}" 2>/dev/null || true; }
