#!/bin/sh
# Fetch the vendored front end again (developers only; users need neither Node nor a network).
#
# Packages are pinned below. For each: `npm pack`, copy the listed files, strip the source-map comments (they make hashed
# static files fail), copy the licence, write the lines of vendor/MANIFEST: sha256, path, package@version, licence.
# The icon sprite is built from the outlines named below; everything after its <!-- own --> line is ours and kept.
# Lines of the manifest for files outside the static folder belong to others and stay as they are.
set -eu

TABLER=1.6.1
HTMX=2.0.11
ICONS=3.51.0
AXE=4.14.1
NAMES="adjustments alert-circle alert-triangle archive arrow-back-up arrows-exchange ban bell book-2 building calendar-due
certificate check chevron-left chevron-right circle-check clipboard-check clock copy cpu database device-desktop
device-mobile dots download edit eye file-certificate file-search file-text file-upload fingerprint gavel help-circle
history home hourglass inbox info-circle key language layout-list lock lock-open logout mail map-pin menu-2 moon
paperclip plus printer refresh rubber-stamp scan school search send server shield-check shield-lock shield-x stack-2
sun switch-horizontal trash upload user user-check users users-group volume x zoom-in zoom-out"

ROOT=$(cd "$(dirname "$0")/.." && pwd)
STATIC=src/mifeng/site/static
MANIFEST=vendor/MANIFEST
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$ROOT"

unpack() { # unpack PACKAGE VERSION FOLDER
    (cd "$WORK" && npm pack --silent "$1@$2" >packed && mkdir -p "$3" && tar -xzf "$(tail -n 1 packed)" -C "$3" --strip-components=1)
}

keep() { # keep SOURCE TARGET PACKAGE@VERSION LICENCE
    mkdir -p "$(dirname "$2")"
    sed -e 's|/\*# sourceMappingURL=[^*]*\*/||g' -e 's|^//# sourceMappingURL=.*$||' "$1" >"$2"
    note "$2" "$3" "$4"
}

note() { # note PATH PACKAGE@VERSION LICENCE
    echo "$(sha256sum "$1" | cut -d' ' -f1)  $1  $2  $3" >>"$WORK/lines"
}

unpack @tabler/core "$TABLER" tabler
unpack htmx.org "$HTMX" htmx
unpack @tabler/icons "$ICONS" icons
unpack axe-core "$AXE" axe

rm -rf "$STATIC/vendor"
: >"$WORK/lines"
keep "$WORK/tabler/dist/css/tabler.min.css" "$STATIC/vendor/tabler.min.css" "@tabler/core@$TABLER" MIT
keep "$WORK/htmx/dist/htmx.min.js" "$STATIC/vendor/htmx.min.js" "htmx.org@$HTMX" 0BSD
# The Tabler core package carries no licence file of its own; its icons do, by the same maker under the same licence.
keep "$WORK/icons/LICENSE" "$STATIC/vendor/licences/tabler.txt" "@tabler/core@$TABLER" MIT
keep "$WORK/icons/LICENSE" "$STATIC/vendor/licences/tabler-icons.txt" "@tabler/icons@$ICONS" MIT
keep "$WORK/htmx/LICENSE" "$STATIC/vendor/licences/htmx.txt" "htmx.org@$HTMX" 0BSD

# For the journeys only: it looks at pages in tests and is never served.
JOURNEYS=tests/journeys/vendor
keep "$WORK/axe/axe.min.js" "$JOURNEYS/axe.min.js" "axe-core@$AXE" MPL-2.0
keep "$WORK/axe/LICENSE" "$JOURNEYS/axe-core.txt" "axe-core@$AXE" MPL-2.0

sprite=$STATIC/icons.svg
[ -f "$sprite" ] && sed -n '/<!-- own -->/,$p' "$sprite" >"$WORK/own"
{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    for name in $NAMES; do
        echo "<symbol id=\"$name\" viewBox=\"0 0 24 24\">$(grep -o '<path [^>]*/>' "$WORK/icons/icons/outline/$name.svg" | tr -d '\n')</symbol>"
    done
    cat "$WORK/own"
} >"$WORK/sprite"
mv "$WORK/sprite" "$sprite"
chmod 644 "$sprite"
note "$sprite" "@tabler/icons@$ICONS" MIT

[ -f "$MANIFEST" ] && grep -v -e "  $STATIC/" -e "  $JOURNEYS/" "$MANIFEST" >>"$WORK/lines" || true
sort -k2 "$WORK/lines" >"$MANIFEST"
echo "vendored: $(wc -l <"$MANIFEST") files"
