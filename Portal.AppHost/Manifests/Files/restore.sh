#!/bin/sh
# Puts a backup of backup.sh back, step by step; ./portal restore runs the steps in their order. Each may be run twice.
#   restore.sh receive FILE    keeps a file of a backup that comes by the standard input, for now under another name
#   restore.sh received NAME   puts the files of NAME that came to the others; 1 where they are not whole
#   restore.sh check NAME      0 where NAME is whole, is this stack's, and of no newer version than what is here. Changes nothing
#   restore.sh database NAME   restores the dump into a new database beside the one in use, and compares it with the manifest
#   restore.sh swap NAME       puts the new one in the place of the one in use, which stays under another name
#   restore.sh files NAME      puts keys, logos and Grafana's data back; their services must be stopped
#   restore.sh drop            drops what restores left of databases that are not in use
# The databases' owner must be allowed to make databases. A dump is a program that runs with that owner's rights: restore none but your own.
set -eu
umask 077
DATA=${BACKUP_DATA:-/data}
GRAFANA=${BACKUP_GRAFANA:-/grafana}
HERE=$(cd "$(dirname "$0")" && pwd)
IN_USE=$PGDATABASE
NEW="${IN_USE}_restoring"

refuse() {
  echo "$1" >&2
  exit 1
}

sql() {
  on=$1
  shift
  PGDATABASE=$on psql -X -q -A -t -v ON_ERROR_STOP=1 -v in_use="$IN_USE" -v new="$NEW" "$@"
}

# Asked from elsewhere: the one in use may be gone or broken.
there() { [ "$(sql postgres -v one="$1" <<'SQL'
SELECT count(*) FROM pg_database WHERE datname = :'one';
SQL
)" = 1 ]; }

said() { sed -n "s/^$1 //p" "$BACKUP_FOLDER/$name.manifest" | head -n 1; }

named() {
  case "$1" in *[!a-z0-9TZ-]* | "") refuse "'$1' is no backup's name" ;; esac
  name=$1
}

locked() {
  command -v flock >/dev/null || return 0
  exec 9>"$BACKUP_FOLDER/.lock"
  flock 9
}

receive() {
  case "$1" in
    *[!A-Za-z0-9.-]* | .* | *..*) refuse "'$1' is no file of a backup" ;;
    *.dump | *.manifest | *.sha256 | *.data.tar.gz | *.grafana.tar.gz) ;;
    *) refuse "'$1' is no file of a backup" ;;
  esac
  mkdir -p "$BACKUP_FOLDER/.received"
  cat >"$BACKUP_FOLDER/.received/$1.partial"
  mv "$BACKUP_FOLDER/.received/$1.partial" "$BACKUP_FOLDER/.received/$1"
}

received() {
  named "$1"
  locked
  BACKUP_FOLDER="$BACKUP_FOLDER/.received" sh "$HERE/backup.sh" check "$name" || exit 1
  if [ -f "$BACKUP_FOLDER/$name.dump" ] && ! cmp -s "$BACKUP_FOLDER/$name.sha256" "$BACKUP_FOLDER/.received/$name.sha256"; then
    rm -rf "$BACKUP_FOLDER/.received"
    refuse "there is another backup $name here already: restore that one by its name, or move it away first"
  fi
  for part in sha256 manifest data.tar.gz grafana.tar.gz dump; do
    [ ! -f "$BACKUP_FOLDER/.received/$name.$part" ] || mv "$BACKUP_FOLDER/.received/$name.$part" "$BACKUP_FOLDER/$name.$part"
  done
  rm -rf "$BACKUP_FOLDER/.received"
}

# Nothing but files and folders, and none that leads out of where it is unpacked.
harmless() {
  ! tar -tvzf "$1" | grep -qv '^[-d]' && ! tar -tzf "$1" | grep -qE '^/|(^|/)\.\.(/|$)'
}

check() {
  named "$1"
  sh "$HERE/backup.sh" check "$name" || exit 1
  [ "$(said format)" = 1 ] || refuse "$name was made by another version of backup.sh: restore it with that version"
  [ "$(said stack)" = "$BACKUP_NAME" ] || refuse "$name is a backup of the stack '$(said stack)', and this is '$BACKUP_NAME'"
  for part in data grafana; do
    [ ! -f "$BACKUP_FOLDER/$name.$part.tar.gz" ] || harmless "$BACKUP_FOLDER/$name.$part.tar.gz" || refuse "$name.$part.tar.gz holds what no backup of ours does (a link, or a path that leads elsewhere): it is not unpacked"
  done
  older "version" "$(said version)" "${BACKUP_VERSION:--}" "the portal"
  server=$(sql postgres -c "SELECT current_setting('server_version_num')::int / 10000") || refuse "the database server does not answer"
  [ "$(($(said postgres) / 10000))" -le "$server" ] || refuse "$name was dumped by PostgreSQL $(($(said postgres) / 10000)), and this server is PostgreSQL $server: use an image of the newer one"
  wanted=$(said timescaledb)
  if [ "$wanted" != - ]; then
    [ "$(sql postgres -v wanted="$wanted" <<'SQL'
SELECT count(*) FROM pg_available_extension_versions WHERE name = 'timescaledb' AND version = :'wanted';
SQL
)" = 1 ] || refuse "$name holds a database of TimescaleDB $wanted, which this server does not have: use an image that has it, then update"
  fi
  [ "$(sql postgres -c "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")" = t ] || refuse "the role $PGUSER may not create databases, and a restore needs a second one beside the one in use: let it (ALTER ROLE … CREATEDB) for the time of the restore"
  # What the one in use has not heard of, a newer version made.
  if there "$IN_USE" && [ "$(sql "$IN_USE" -c "SELECT to_regclass('portal.\"__EFMigrationsHistory\"') IS NOT NULL" 2>/dev/null)" = t ]; then
    sql "$IN_USE" -c 'SELECT "MigrationId" FROM portal."__EFMigrationsHistory"' >"$BACKUP_FOLDER/.known"
    newer=$(sed -n 's/^migration portal //p' "$BACKUP_FOLDER/$name.manifest" | grep -vxF -f "$BACKUP_FOLDER/.known" | head -n 1 || true)
    rm -f "$BACKUP_FOLDER/.known"
    [ -z "$newer" ] || refuse "$name was made by a newer version of the portal: its schema has $newer, which this stack does not know. Update the stack first"
  fi
}

# Two versions that are numbers with dots; what is none is not compared.
older() {
  for one in "$2" "$3"; do
    case "$one" in [0-9]*.[0-9]*) ;; *) return 0 ;; esac
  done
  [ "$(printf '%s\n%s\n' "$2" "$3" | sort -V | tail -n 1)" = "$3" ] || refuse "$name was made by $1 $2 of $4, and this stack is $3: update it first"
}

database() {
  check "$1"
  locked
  # Not too old to be kept any more, while it is being restored.
  touch "$BACKUP_FOLDER/$name".*
  sql postgres <<'SQL' || exit 1
SET client_min_messages = error;
DROP DATABASE IF EXISTS :"new" WITH (FORCE);
CREATE DATABASE :"new" TEMPLATE template0;
SQL
  extension=$(said timescaledb)
  if [ "$extension" != - ]; then
    sql "$NEW" -v extension="$extension" <<'SQL' >/dev/null || exit 1
CREATE EXTENSION timescaledb VERSION :'extension';
SQL
    sql "$NEW" -c "SELECT timescaledb_pre_restore()" >/dev/null || exit 1
  fi

  # The extensions are there; owner and rights are the services' business, which give them anew with each start.
  pg_restore -l "$BACKUP_FOLDER/$name.dump" | grep -vE '^[0-9]+; [0-9]+ [0-9]+ (EXTENSION - (timescaledb|plpgsql)|COMMENT - EXTENSION (timescaledb|plpgsql)) ?' >"$BACKUP_FOLDER/.toc" || exit 1
  PGDATABASE=$NEW pg_restore --exit-on-error --no-owner --no-acl -L "$BACKUP_FOLDER/.toc" -d "$NEW" "$BACKUP_FOLDER/$name.dump" || exit 1
  rm -f "$BACKUP_FOLDER/.toc"
  if [ "$extension" != - ]; then
    sql "$NEW" -c "SELECT timescaledb_post_restore()" >/dev/null || exit 1
  fi
  verify
  if [ "$extension" != - ]; then sql "$NEW" -c "ALTER EXTENSION timescaledb UPDATE" || exit 1; fi
  sql "$NEW" <<'SQL' || exit 1
-- A session or link that was ended since would be good again.
DO $$
DECLARE
  gone text;
BEGIN
  FOREACH gone IN ARRAY ARRAY['portal."Sessions"', 'identity."Sessions"', 'identity."AccountLinks"', 'portal."AccountLinks"'] LOOP
    IF to_regclass(gone) IS NOT NULL THEN EXECUTE 'DELETE FROM ' || gone; END IF;
  END LOOP;
END $$;
ANALYZE;
SQL
  carry
  # What is not whole must not be taken for it.
  sql postgres -v whole="whole $name" <<'SQL' || exit 1
COMMENT ON DATABASE :"new" IS :'whole';
SQL
}

verify() {
  sql "$NEW" -F ' ' -v contents="$HERE/contents.sql" <<'SQL' >"$BACKUP_FOLDER/.counted" || exit 1
SET statement_timeout = 0;
SET search_path = pg_catalog;
\i :contents
SQL
  grep -E '^(rows|ledger) ' "$BACKUP_FOLDER/$name.manifest" >"$BACKUP_FOLDER/.promised" || true
  if ! cmp -s "$BACKUP_FOLDER/.promised" "$BACKUP_FOLDER/.counted"; then
    diff "$BACKUP_FOLDER/.promised" "$BACKUP_FOLDER/.counted" | sed -n 's/^< /backup:   /p; s/^> /restored: /p' | head -n 10 >&2
    rm -f "$BACKUP_FOLDER/.counted" "$BACKUP_FOLDER/.promised"
    refuse "the restored database does not hold what $name says it held"
  fi
  rm -f "$BACKUP_FOLDER/.counted" "$BACKUP_FOLDER/.promised"
}

# Keys of meters and tokens of stacks that were made or withdrawn since: who has one must not be locked out, and who lost it must not be let in again.
carry() {
  there "$IN_USE" || return 0
  carried portal.\"IngestKeys\" "\"Id\", \"Name\", \"Hash\", \"Prefix\", \"CreatedAt\", \"LastUsedAt\", \"RevokedAt\"" '
    INSERT INTO portal."IngestKeys" ("Id", "Name", "Hash", "Prefix", "CreatedAt", "LastUsedAt", "RevokedAt") SELECT * FROM carried
    ON CONFLICT ("Id") DO UPDATE SET "RevokedAt" = EXCLUDED."RevokedAt", "LastUsedAt" = EXCLUDED."LastUsedAt"'
  carried fleet.\"PushTokens\" "\"CustomerId\", \"Hash\", \"Prefix\", \"CreatedAt\", \"RetiredAt\"" '
    DELETE FROM fleet."PushTokens" AS t USING carried AS c WHERE t."CustomerId" = c."CustomerId";
    INSERT INTO fleet."PushTokens" ("CustomerId", "Hash", "Prefix", "CreatedAt", "RetiredAt") SELECT c.* FROM carried AS c JOIN fleet."Customers" AS k ON k."Id" = c."CustomerId"'
}

carried() {
  [ "$(sql "$IN_USE" -c "SELECT to_regclass('$1') IS NOT NULL" 2>/dev/null)" = t ] && [ "$(sql "$NEW" -c "SELECT to_regclass('$1') IS NOT NULL")" = t ] || return 0
  if ! sql "$IN_USE" -c "COPY (SELECT $2 FROM $1) TO STDOUT" >"$BACKUP_FOLDER/.carried" 2>/dev/null; then
    echo "$1 of the database in use could not be read: keys and tokens are as they were at $(said taken)"
    rm -f "$BACKUP_FOLDER/.carried"
    return 0
  fi
  { printf 'BEGIN;\nCREATE TEMP TABLE carried ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA;\nCOPY carried FROM STDIN;\n' "$2" "$1"
    cat "$BACKUP_FOLDER/.carried"
    printf '\\.\n%s;\nCOMMIT;\n' "$3"; } | sql "$NEW" || exit 1
  rm -f "$BACKUP_FOLDER/.carried"
}

# Both names change in one transaction. Nobody gets into either database meanwhile, TimescaleDB's own workers included.
swap() {
  named "$1"
  locked
  there "$NEW" || { there "$IN_USE" || refuse "there is neither $IN_USE nor a restored one"; return 0; }
  [ "$(sql postgres <<'SQL'
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :'new';
SQL
)" = "whole $name" ] || refuse "$NEW is not a whole restore of $name: run restore.sh database $name first"
  if ! there "$IN_USE"; then
    rename || exit 1
    return 0
  fi
  trap 'open_again' EXIT
  for one in "$IN_USE" "$NEW"; do
    [ "$(sql "$one" -c "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'" 2>/dev/null)" != 1 ] || sql "$one" -c "SELECT _timescaledb_functions.stop_background_workers()" >/dev/null || true
  done
  sql postgres <<'SQL' || exit 1
ALTER DATABASE :"in_use" ALLOW_CONNECTIONS false;
ALTER DATABASE :"new" ALLOW_CONNECTIONS false;
SQL
  waited=0
  while :; do
    left=$(sql postgres <<'SQL'
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN (:'in_use', :'new');
SQL
)
    [ "$left" = 0 ] && break
    [ "$waited" -lt 30 ] || refuse "sessions of $IN_USE do not end: stop whoever uses it"
    waited=$((waited + 1))
    sleep 1
  done
  rename || exit 1
  trap - EXIT
}

rename() {
  if there "$IN_USE"; then
    sql postgres -v before="${IN_USE}_before_$(date -u +%Y%m%d%H%M%S)" <<'SQL' || return 1
BEGIN;
ALTER DATABASE :"in_use" RENAME TO :"before";
ALTER DATABASE :"new" RENAME TO :"in_use";
ALTER DATABASE :"in_use" ALLOW_CONNECTIONS true;
COMMENT ON DATABASE :"in_use" IS NULL;
COMMIT;
SQL
  else
    sql postgres <<'SQL' || return 1
BEGIN;
ALTER DATABASE :"new" RENAME TO :"in_use";
ALTER DATABASE :"in_use" ALLOW_CONNECTIONS true;
COMMENT ON DATABASE :"in_use" IS NULL;
COMMIT;
SQL
  fi
  [ "$(sql "$IN_USE" -c "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")" != 1 ] || sql "$IN_USE" -c "SELECT _timescaledb_functions.start_background_workers()" >/dev/null || true
}

open_again() {
  sql postgres >/dev/null 2>&1 <<'SQL' || true
ALTER DATABASE :"in_use" ALLOW_CONNECTIONS true;
SQL
}

files() {
  check "$1"
  locked
  if [ -f "$BACKUP_FOLDER/$name.data.tar.gz" ] && [ -d "$DATA" ]; then
    # Each folder is a volume of its own: what is unpacked beside it can't be moved into its place.
    for folder in keys branding; do
      [ -d "$DATA/$folder" ] || continue
      rm -rf "$DATA/$folder/.restoring"
      mkdir "$DATA/$folder/.restoring"
      tar -xzf "$BACKUP_FOLDER/$name.data.tar.gz" -o -C "$DATA/$folder/.restoring" || exit 1
      find "$DATA/$folder" -mindepth 1 -maxdepth 1 ! -name .restoring -exec rm -rf {} +
      [ ! -d "$DATA/$folder/.restoring/$folder" ] || find "$DATA/$folder/.restoring/$folder" -mindepth 1 -maxdepth 1 -exec mv {} "$DATA/$folder/" \;
      rm -rf "$DATA/$folder/.restoring"
    done
  fi
  if [ -f "$BACKUP_FOLDER/$name.grafana.tar.gz" ] && [ -d "$GRAFANA" ]; then
    rm -rf "$BACKUP_FOLDER/.grafana"
    mkdir "$BACKUP_FOLDER/.grafana"
    tar -xzf "$BACKUP_FOLDER/$name.grafana.tar.gz" -o -C "$BACKUP_FOLDER/.grafana" || exit 1
    cp "$BACKUP_FOLDER/.grafana/grafana.db" "$GRAFANA/.grafana.db.restoring"
    # Grafana's group writes it; its user, whom only root could make the owner, does not own it.
    chgrp "${BACKUP_GRAFANA_GROUP:-472}" "$GRAFANA/.grafana.db.restoring"
    chmod 660 "$GRAFANA/.grafana.db.restoring"
    rm -f "$GRAFANA/grafana.db-journal" "$GRAFANA/grafana.db-wal" "$GRAFANA/grafana.db-shm"
    if [ -f "$BACKUP_FOLDER/.grafana/grafana.db-wal" ]; then
      cp "$BACKUP_FOLDER/.grafana/grafana.db-wal" "$GRAFANA/grafana.db-wal"
      chgrp "${BACKUP_GRAFANA_GROUP:-472}" "$GRAFANA/grafana.db-wal"
      chmod 660 "$GRAFANA/grafana.db-wal"
    fi
    mv "$GRAFANA/.grafana.db.restoring" "$GRAFANA/grafana.db"
    rm -rf "$BACKUP_FOLDER/.grafana"
  fi
}

drop() {
  locked
  sql postgres <<'SQL'
SET client_min_messages = error;
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', datname) FROM pg_database
 WHERE datname = :'new' OR (starts_with(datname, :'in_use' || '_before_') AND substr(datname, length(:'in_use' || '_before_') + 1) ~ '^[0-9]{14}$')
\gexec
SQL
}

case "${1:-}" in
  receive | received | check | database | swap | files) "$1" "${2:-}" ;;
  drop) drop ;;
  *) echo "restore.sh receive FILE | received NAME | check NAME | database NAME | swap NAME | files NAME | drop" >&2; exit 2 ;;
esac
