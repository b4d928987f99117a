#!/bin/sh
# Backups of one stack, in the database's own image: dumps of the database and an archive of the folders, with checksums.
#   backup.sh daily    one each day at BACKUP_AT (UTC), for ever; the first at once where there is none
#   backup.sh once     one now
#   backup.sh health   0 while the newest backup is younger than two days
# BACKUP_FOLDER holds them for BACKUP_KEEP_DAYS; BACKUP_TARGET, where set, is a folder on another machine that gets a copy of each.
set -eu
umask 077
# The volumes of keys and logos, where the platform can mount them here too.
DATA=${BACKUP_DATA:-/data}

say() { printf '{"@t":"%s","@m":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1"; }

newest() { ls -1 "$BACKUP_FOLDER" 2>/dev/null | grep "^$BACKUP_NAME-.*\.dump$" | sort | tail -n 1; }

# Tells the fleet, by the next heartbeat. A database that is away can't be told either.
note() {
  psql -q -v ON_ERROR_STOP=1 -v from="$1" -v ok="$2" -v said="$3" >/dev/null 2>&1 <<'SQL' || say "Could not note the backup in the database"
INSERT INTO portal."Backups" ("StartedAt", "EndedAt", "Ok", "Details") VALUES (:'from', now(), :'ok'::boolean, :'said');
SQL
}

once() {
  from=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  name="$BACKUP_NAME-$(date -u +%Y%m%dT%H%M%SZ)"
  cd "$BACKUP_FOLDER"
  rm -f ./*.partial
  if pg_dump -F c -f "$name.dump.partial" \
    && { [ ! -d "$DATA" ] || tar -czf "$name.data.tar.gz.partial" -C "$DATA" .; }; then
    [ ! -f "$name.data.tar.gz.partial" ] || mv "$name.data.tar.gz.partial" "$name.data.tar.gz"
    # The dump last: whoever sees it sees a whole backup.
    mv "$name.dump.partial" "$name.dump"
    sha256sum "$name".* >"$name.sha256"
  else
    rm -f ./*.partial
    say "Backup Failed: nothing was kept of it, the earlier ones are as they were"
    note "$from" false "failed"
    return 1
  fi
  find . -maxdepth 1 -type f -name "$BACKUP_NAME-*" -mtime "+$BACKUP_KEEP_DAYS" ! -name "$name*" -exec rm -f {} +
  if [ -n "${BACKUP_TARGET:-}" ]; then
    if ! cp "$name".* "$BACKUP_TARGET/"; then
      say "Backup $name is here, but Failed to reach $BACKUP_TARGET"
      note "$from" false "not copied off the host"
      return 1
    fi
  fi
  say "Backup $name done"
  note "$from" true "$name"
}

# Seconds until the next BACKUP_AT.
wait_for() {
  hour=${BACKUP_AT%%:*} minute=${BACKUP_AT##*:}
  now=$(($(date +%s) % 86400))
  at=$((${hour#0} * 3600 + ${minute#0} * 60))
  echo $(((at - now + 86399) % 86400 + 1))
}

# One that failed is tried again after 15 minutes, not tomorrow.
daily() {
  trap 'exit 0' TERM INT
  [ -n "$(newest)" ] || once || true
  while :; do
    sleep "$(wait_for)" &
    wait $!
    once || { sleep 900 & wait $!; once || true; }
  done
}

health() { [ -n "$(find "$BACKUP_FOLDER" -maxdepth 1 -name "$BACKUP_NAME-*.dump" -mtime -2 | head -n 1)" ]; }

case "${1:-}" in
  daily | once | health) "$1" ;;
  *) echo "backup.sh daily | once | health" >&2; exit 2 ;;
esac
