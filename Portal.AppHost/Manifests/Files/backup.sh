#!/bin/sh
# Backups of one stack, in the database's own image: dumps of the database, archives of the folders, what is in them, and checksums.
#   backup.sh daily        one each day at BACKUP_AT (UTC), for ever; the first at once where there is none
#   backup.sh once         one now
#   backup.sh health       0 while the newest backup is younger than two days
#   backup.sh list         those that are there, newest first: name, time, size, version
#   backup.sh check NAME   0 where all files of it are there and as they were written
# BACKUP_FOLDER holds them for BACKUP_KEEP_DAYS; BACKUP_TARGET, where set, is a folder on another machine that gets a copy of each, which is its own
# business how long. BACKUP_SPARE is the name of one that is kept however old it is.
#
# A backup is NAME.dump, NAME.manifest, NAME.data.tar.gz (keys and logos) and NAME.grafana.tar.gz, where there are such, and NAME.sha256.
set -eu
umask 077
# The volumes of keys and logos, and Grafana's, where the platform can mount them here too.
DATA=${BACKUP_DATA:-/data}
GRAFANA=${BACKUP_GRAFANA:-/grafana}
HERE=$(cd "$(dirname "$0")" && pwd)

say() { printf '{"@t":"%s","@m":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1"; }

failed() {
  say "Backup Failed: $1"
  return 1
}

names() { ls -1 "$BACKUP_FOLDER" 2>/dev/null | grep -E "^$BACKUP_NAME-[0-9]{8}T[0-9]{6}Z\.dump$" | sed 's/\.dump$//' | sort; }

# Tells the fleet, by the next heartbeat. A database that is away can't be told either.
note() {
  psql -X -q -v ON_ERROR_STOP=1 -v from="$1" -v ok="$2" -v said="$3" >/dev/null 2>&1 <<'SQL' || say "Could not note the backup in the database"
INSERT INTO portal."Backups" ("StartedAt", "EndedAt", "Ok", "Details") VALUES (:'from', now(), :'ok'::boolean, :'said');
SQL
}

# The dump and the manifest in one snapshot, so that what is counted is what was dumped.
database() {
  psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -v name="$1" -v folder="$2" -v contents="$HERE/contents.sql" >"$2/counted" <<'SQL'
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET search_path = pg_catalog;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv BACKUP_SNAPSHOT :snapshot
\setenv BACKUP_DUMP :folder/:name.dump
\! { pg_dump --snapshot="$BACKUP_SNAPSHOT" --lock-wait-timeout=10min -F c -f "$BACKUP_DUMP" && echo done >"$BACKUP_DUMP.state"; } >&2
SELECT 'database', current_database();
SELECT 'postgres', current_setting('server_version_num');
SELECT 'timescaledb', coalesce((SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'), '-');
SELECT 'bytes', pg_database_size(current_database());
SELECT format($q$SELECT 'migration', %L, "MigrationId" FROM %s ORDER BY 3$q$, n.nspname, c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relname = '__EFMigrationsHistory' ORDER BY 1
\gexec
SELECT format($q$SELECT 'script', %L, "Script" FROM %s ORDER BY 3$q$, n.nspname, c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relname = 'TimeSeriesVersions' ORDER BY 1
\gexec
\i :contents
COMMIT;
SQL
  [ "$(cat "$2/$1.dump.state" 2>/dev/null)" = done ] || return 1
  rm -f "$2/$1.dump.state"
}

# Grafana's SQLite is copied while Grafana runs: read twice, and it is a copy of one moment where both readings are the same and no transaction was
# under way (its journal is there while one is). Grafana writes a few times a minute.
grafana() {
  copy=$1
  for try in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$copy"
    mkdir "$copy"
    if quiet && cp "$GRAFANA/grafana.db" "$copy/" && { [ ! -s "$GRAFANA/grafana.db-wal" ] || cp "$GRAFANA/grafana.db-wal" "$copy/"; } \
      && quiet && same "$copy/grafana.db" "$GRAFANA/grafana.db" && { [ ! -e "$copy/grafana.db-wal" ] || same "$copy/grafana.db-wal" "$GRAFANA/grafana.db-wal"; } \
      && quiet; then
      return 0
    fi
    sleep "$try"
  done
  return 1
}

quiet() { [ ! -s "$GRAFANA/grafana.db-journal" ]; }

same() { cmp -s "$1" "$2"; }

# One at a time: the nightly one, one that somebody asks for, a restore.
locked() {
  command -v flock >/dev/null || return 0
  exec 9>"$BACKUP_FOLDER/.lock"
  flock 9
}

once() {
  from=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  name="$BACKUP_NAME-$(date -u +%Y%m%dT%H%M%SZ)"
  cd "$BACKUP_FOLDER"
  locked
  work=".making"
  rm -rf "$work" ./*.partial
  if mkdir "$work" && make "$name" "$work" "$from"; then
    # The dump last: whoever sees it sees a whole backup.
    for part in sha256 manifest data.tar.gz grafana.tar.gz dump; do
      [ ! -f "$work/$name.$part" ] || mv "$work/$name.$part" "$name.$part"
    done
    rm -rf "$work"
  else
    rm -rf "$work"
    say "Backup Failed: nothing was kept of it, the earlier ones are as they were"
    note "$from" false "failed"
    return 1
  fi
  find . -maxdepth 1 -type f -name "$BACKUP_NAME-*" -mtime "+$BACKUP_KEEP_DAYS" ! -name "$name*" ! -name "${BACKUP_SPARE:-$name}*" -exec rm -f {} +
  if [ -n "${BACKUP_TARGET:-}" ]; then
    if ! off_host "$name"; then
      say "Backup $name is here, but Failed to reach $BACKUP_TARGET"
      note "$from" false "$name is here, and not copied off the host"
      return 1
    fi
  fi
  say "Backup $name done$without"
  note "$from" true "$name$without"
}

make() {
  name=$1 work=$2 without=
  database "$name" "$work" || { failed "the database could not be dumped"; return 1; }
  { printf 'format 1\nstack %s\ntaken %s\nversion %s\n' "$BACKUP_NAME" "$3" "${BACKUP_VERSION:--}" && cat "$work/counted"; } >"$work/$name.manifest" || return 1
  rm -f "$work/counted"
  data "$name" "$work" || { failed "keys and logos could not be archived"; return 1; }
  if [ -f "$GRAFANA/grafana.db" ]; then
    # Which is not authoritative: what is must not be lost because of it.
    if grafana "$work/grafana" && tar -czf "$work/$name.grafana.tar.gz" -C "$work/grafana" .; then :; else
      without=", without Grafana's data"
      rm -f "$work/$name.grafana.tar.gz"
      say "Grafana's data Failed to be copied at rest, so the backup is without them: does Grafana write all the time, or is its volume not readable?"
    fi
    rm -rf "$work/grafana"
  fi
  (cd "$work" && sha256sum "$name".dump "$name".manifest $(ls "$name".data.tar.gz "$name".grafana.tar.gz 2>/dev/null) >"$name.sha256")
}

# From the volumes; where they can't be mounted here, the logo from the API, which shows it to everybody.
data() {
  if [ -d "$DATA" ]; then
    tar -czf "$2/$1.data.tar.gz" -C "$DATA" .
  elif [ -n "${BACKUP_API:-}" ]; then
    logo=$(psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SELECT "Logo" FROM portal."Branding" WHERE "Logo" IS NOT NULL') || return 1
    [ -n "$logo" ] || return 0
    mkdir -p "$2/data/branding"
    # One that is lost already must not keep the database from being saved.
    if wget -q -O "$2/data/branding/logo-$logo.png" "$BACKUP_API/api/branding/logo/$logo"; then
      tar -czf "$2/$1.data.tar.gz" -C "$2/data" . || return 1
    else
      say "The logo could not be had from $BACKUP_API; the backup is without it"
    fi
    rm -rf "$2/data"
  fi
}

off_host() {
  for part in sha256 manifest data.tar.gz grafana.tar.gz dump; do
    [ -f "$1.$part" ] || continue
    cp "$1.$part" "$BACKUP_TARGET/$1.$part.partial" && cmp -s "$1.$part" "$BACKUP_TARGET/$1.$part.partial" \
      && mv "$BACKUP_TARGET/$1.$part.partial" "$BACKUP_TARGET/$1.$part" || return 1
  done
}

check() {
  cd "$BACKUP_FOLDER"
  case "$1" in *[!a-z0-9TZ-]* | "") echo "'$1' is no backup's name" >&2; return 1 ;; esac
  [ -f "$1.dump" ] || { echo "there is no backup $1" >&2; return 1; }
  for part in manifest sha256; do
    [ -f "$1.$part" ] || { echo "$1.$part is missing" >&2; return 1; }
  done
  # Each file of it once, and no other name.
  for part in dump manifest data.tar.gz grafana.tar.gz; do
    [ ! -f "$1.$part" ] || [ "$(grep -c "^[0-9a-f]\{64\} [ *]$1.$part$" "$1.sha256")" = 1 ] || { echo "$1.sha256 does not name $1.$part" >&2; return 1; }
  done
  [ "$(grep -c . "$1.sha256")" = "$(ls "$1".dump "$1".manifest "$1".data.tar.gz "$1".grafana.tar.gz 2>/dev/null | grep -c .)" ] || { echo "files of $1 are missing" >&2; return 1; }
  sha256sum -c "$1.sha256" >/dev/null 2>&1 || { echo "files of $1 are not as they were written: a checksum differs" >&2; return 1; }
}

list() {
  names | sort -r | while read -r name; do
    taken=$(sed -n 's/^taken //p' "$BACKUP_FOLDER/$name.manifest" 2>/dev/null)
    version=$(sed -n 's/^version //p' "$BACKUP_FOLDER/$name.manifest" 2>/dev/null)
    size=$(cat "$BACKUP_FOLDER/$name".* 2>/dev/null | wc -c | tr -d ' ')
    printf '%s %s %s %s\n' "$name" "${taken:--}" "$size" "${version:--}"
  done
}

# Seconds until the next BACKUP_AT.
wait_for() {
  hour=${BACKUP_AT%%:*} minute=${BACKUP_AT##*:}
  now=$(($(date +%s) % 86400))
  at=$((${hour#0} * 3600 + ${minute#0} * 60))
  echo $(((at - now + 86399) % 86400 + 1))
}

# One that failed is tried again after 15 minutes, not tomorrow. Each by a process of its own, which holds the lock no longer than it runs.
daily() {
  trap 'exit 0' TERM INT
  [ -n "$(names)" ] || sh "$HERE/backup.sh" once || true
  while :; do
    sleep "$(wait_for)" &
    wait $!
    sh "$HERE/backup.sh" once || { sleep 900 & wait $!; sh "$HERE/backup.sh" once || true; }
  done
}

health() { [ -n "$(find "$BACKUP_FOLDER" -maxdepth 1 -name "$BACKUP_NAME-*.dump" -mtime -2 | head -n 1)" ]; }

case "${1:-}" in
  daily | once | health | list) "$1" ;;
  check) check "${2:-}" ;;
  *) echo "backup.sh daily | once | health | list | check NAME" >&2; exit 2 ;;
esac
