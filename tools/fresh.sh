#!/bin/sh
# Repeats the README's commands in a clean Debian tree, as an unprivileged user.
#
#   sh tools/fresh.sh DIRECTORY     (as root; ./dev fresh prepares DIRECTORY and calls this)
#
# DIRECTORY holds origin.git (what is cloned), pip-settings, npm-settings and environment (the
# machine's own),
# and keeps base-*.tar, the clean tree, for the next time. Nothing is written outside it.
# Mounts are made in a mount namespace of their own and end with it, whatever happens.
set -eu
umask 022

RELEASE=bookworm
PACKAGES=python3,git  # all that the README asks for
USER_NAME=visitor

fail() {
    printf 'fresh: %s\n' "$*" >&2
    exit 1
}

# The mirror this machine's apt takes the release from; empty if it knows none.
mirror() {
    command -v apt-get >/dev/null || return 0
    # shellcheck disable=SC2016 # apt-get fills these in
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v release="$RELEASE" '$1 == release && $2 == "main" { print $3; exit }'
}

# The proxy of this machine's apt, for debootstrap, which does not read apt's settings.
apt_proxy() {
    command -v apt-config >/dev/null || return 0
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    if [ -n "${proxy:-}" ]; then export http_proxy="$proxy"; fi
}

# make_base TAR: a tree as Debian's installer leaves it, and python3 and git.
make_base() {
    echo "Making a clean $RELEASE tree (kept in $1 for the next time) ..."
    apt_proxy
    # shellcheck disable=SC2046 # no mirror means no argument: debootstrap's own default
    debootstrap --variant=minbase --include="$PACKAGES" "$RELEASE" "$DIR/tree" $(mirror) \
        >"$DIR/debootstrap.log" 2>&1 ||
        fail "debootstrap failed; the last lines of $DIR/debootstrap.log say why."
    chroot "$DIR/tree" apt-get clean
    tar -C "$DIR/tree" -cf "$1.part" . && mv "$1.part" "$1"
}

# --- Inside the mount namespace ---------------------------------------------------------

# "global.cert='x'" and ":env:.cert='x'" become one line each of one file; the later wins.
# Package directories on this machine's disk are left out: a stranger's machine has none.
pip_settings() {
    echo '[global]'
    sed -n "s/^[^=]*\.\([a-z-]*\)='\(.*\)'\$/\1 \2/p" "$DIR/pip-settings" |
        awk '$1 == "find-links" || $1 == "extra-index-url" {
                 for (i = 2; i <= NF; i++) if ($i ~ /^(file:|\/)/) $i = ""
             }
             { name = $1; sub(/^[^ ]* */, ""); if ($0 != "") value[name] = $0 }
             END { for (name in value) print name " = " value[name] }'
}

# Files and directories that these settings name, and the certificates.
local_paths() {
    echo /etc/ssl/certs
    sed -n 's/^[^=]*= *\(\/.*\)/\1/p; s/^[^=]*= *file:\/\/\(\/.*\)/\1/p' \
        "$TREE/etc/pip.conf" "$DIR/environment"
    sed -n 's/^ *cafile *= *"\{0,1\}\(\/[^"]*\).*/\1/p' "$DIR/npm-settings"
}

# show PATH: the same path inside the tree, not writable.
show() {
    if [ -d "$1" ]; then
        mkdir -p "$TREE$1"
    elif [ -e "$TREE$1" ]; then
        return 0  # lies in a directory already shown
    elif [ -f "$1" ]; then
        mkdir -p "$TREE$(dirname "$1")"
        touch "$TREE$1"
    else
        return 0  # the setting names what is not there: pip will say so, as it does here
    fi
    mount --bind "$1" "$TREE$1"
    mount -o remount,ro,bind "$TREE$1"
}

# Name resolution, certificates, pip's and npm's settings are the machine's own.
share_machine() {
    mount -t proc proc "$TREE/proc"
    mount -t tmpfs tmpfs "$TREE/dev/shm"
    cat /etc/resolv.conf >"$TREE/etc/resolv.conf"
    cat /etc/hosts >"$TREE/etc/hosts"
    pip_settings >"$TREE/etc/pip.conf"
    # Certificates are often links into /usr: their own directories come along.
    for path in $(local_paths | sort -u) /usr/share/ca-certificates /usr/local/share/ca-certificates; do
        show "$path"
    done
}

# as_visitor COMMAND...: in the clone, with nothing in the environment but the machine's network.
as_visitor() {
    # shellcheck disable=SC2046 # one word for each setting is meant
    chroot --userspec="$USER_NAME:$USER_NAME" --groups= "$TREE" \
        /usr/bin/env -i HOME="/home/$USER_NAME" PATH=/usr/local/bin:/usr/bin:/bin \
        $(cat "$DIR/environment") /bin/sh -c 'cd ~/towpath 2>/dev/null || cd; exec "$@"' sh "$@"
}

# What serves until it is ended: wait until it says how, ask its server once, end it.
# shellcheck disable=SC2016 # expanded inside the tree
UNTIL_READY='mkdir -p .dev
./dev up >.dev/up.log 2>&1 &
served=$!
until grep -q "Ctrl-C here ends" .dev/up.log; do
    kill -0 "$served" 2>/dev/null || { cat .dev/up.log; exit 1; }
    sleep 1
done
bin/towpath network --server "$(sed -n "s/.*TOWPATH_SERVER=//p" .dev/up.log)" || exit 1
kill -TERM "$served"
wait "$served" || :'

timed() {
    echo "--- $*"
    began=$(date +%s)
    # shellcheck disable=SC2086 # the README's line is a command with its words
    case $1 in
        "./dev up") set -- "$1" /bin/sh -c "$UNTIL_READY" ;;
        *) set -- "$*" $1 ;;
    esac
    said=$1
    shift
    as_visitor "$@" || {
        tail -n 20 "$TREE/home/$USER_NAME/towpath/.dev/log" || :
        fail "'$said' failed in the clean tree; its log ends as above."
    }
    summary="$summary
$(printf '%5d s  %s' "$(($(date +%s) - began))" "$said")"
}

# The lines ./dev ... of the first code block in the README that has any.
readme_commands() {
    awk '/^```/ { if (found) exit; block = !block; next } block && /^\.\/dev/ { found = 1; print }' \
        "$TREE/home/$USER_NAME/towpath/README.md"
}

inside() {
    TREE=$DIR/tree
    share_machine
    chroot "$TREE" useradd --create-home --shell /bin/sh "$USER_NAME"
    cp -R "$DIR/origin.git" "$TREE/home/$USER_NAME/origin.git"
    cp "$DIR/npm-settings" "$TREE/home/$USER_NAME/.npmrc"
    chroot "$TREE" chown -R "$USER_NAME:$USER_NAME" "/home/$USER_NAME"
    as_visitor git clone --quiet origin.git towpath
    [ "$(readme_commands | wc -l)" -eq 2 ] || fail "the first code block of README.md with ./dev in it should have two such lines."
    summary=
    # Not "| while": the summary has to outlive the loop.
    set -f
    newline='
'
    IFS=$newline
    for line in $(readme_commands); do
        unset IFS
        timed "$line"
    done
    timed "./dev test" "(again)"
    changes=$(as_visitor git status --porcelain)
    [ -z "$changes" ] || fail "the commands left files behind: $changes"
    echo "--- In a clean $RELEASE with $PACKAGES alone:$summary"
}

# --- Outside ----------------------------------------------------------------------------

[ "$(id -u)" -eq 0 ] || fail "needs root: run ./dev fresh"
PATH=$PATH:/usr/sbin:/sbin
DIR=$1
[ -d "$DIR/origin.git" ] || fail "run ./dev fresh"

if [ "${2:-}" = --inside ]; then
    inside
    exit
fi

# The mounts are gone by then, and --one-file-system makes sure.
clean() { rm -rf --one-file-system "$DIR/tree" "$DIR/origin.git" "$DIR/pip-settings" "$DIR/npm-settings" "$DIR/environment"; }
trap clean EXIT
# Killing the namespace's first process ends everything in it; then clean can begin.
trap '[ -z "${inside:-}" ] || kill -KILL "$inside"; sleep 1; exit 130' INT TERM HUP
rm -rf --one-file-system "$DIR/tree"
base=$DIR/base-$RELEASE-$(dpkg --print-architecture)-$PACKAGES.tar
[ -f "$base" ] || make_base "$base"
rm -rf --one-file-system "$DIR/tree"
mkdir -m 755 "$DIR/tree"
tar -C "$DIR/tree" -xf "$base"
# In the background, because a shell that waits in the foreground hears no signal.
unshare --mount --pid --fork --kill-child sh "$0" "$DIR" --inside &
inside=$!
wait "$inside"
