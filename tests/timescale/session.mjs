// What belongs to one connection on a real server: settings, role, temporary tables, prepared statements. The engine has
// one session for all, so a connection's things are put away when another one's turn comes, and brought back after it.

import { customSettings, mayChangeSettings, mayMakeTemporaryTable } from './statements.mjs'
import { message, readString } from './messages.mjs'

// PostgreSQL's own defaults, where the engine's command line has others (seqscans off, search path pg_catalog).
const DEFAULTS = { search_path: '"$user", public', enable_seqscan: 'on', allow_system_table_mods: 'off', TimeZone: 'Etc/UTC' }
const SUPERUSER = 'postgres'

const literal = text => `'${text.replaceAll("'", "''")}'`
const identifier = text => `"${text.replaceAll('"', '""')}"`

export class Session {
  #prefix
  #asked
  #initial = null
  #settings = null
  #role = SUPERUSER
  #tables = []
  #statements = new Map()
  #customSettings = new Set()
  #settingsTouched = false
  #tablesTouched = false

  /** number tells the sessions of one server apart; settings are those of the start-up message. */
  constructor(number, settings) {
    this.#prefix = `c${number}~`
    this.#asked = settings
  }

  /** Prepared statements get a name of their connection's own. (Portals end with the transaction, so they never meet.) */
  rename({ type, header, body }) {
    const rewrite = offset => {
      const { text, next } = readString(body, offset)
      if (type === 'P') this.note(readString(body, next).text)
      if (text === '') return Buffer.concat([header, body])
      const own = this.#prefix + text
      if (type === 'P') this.#statements.set(own, readString(body, next).text)
      if (type === 'B') this.note(this.#statements.get(own) ?? '')
      if (type === 'C') this.#statements.delete(own)
      return message(type, body.subarray(0, offset), own, body.subarray(next))
    }
    if (type === 'P') return rewrite(0)
    if (type === 'B') return rewrite(readString(body).next)
    if ((type === 'D' || type === 'C') && body[0] === 'S'.charCodeAt(0)) return rewrite(1)
    return Buffer.concat([header, body])
  }

  /** To be told of every statement before it runs. */
  note(sql) {
    for (const name of customSettings(sql)) this.#customSettings.add(name)
    this.#settingsTouched ||= mayChangeSettings(sql)
    this.#tablesTouched ||= mayMakeTemporaryTable(sql)
  }

  /** Makes the engine show this session. The connection has the turn, and no transaction is open. */
  async enter(engine) {
    const previous = engine.session
    if (previous === this) return
    if (!this.#initial) {
      this.#initial = { ...DEFAULTS, ...await databaseSettings(engine), ...this.#asked }
      this.#settings = this.#initial
    }
    const renames = [...(previous?.#renames(true) ?? []), ...this.#renames(false)]
    const same = previous && renames.length === 0 && previous.#role === this.#role && equal(previous.#settings, this.#settings)
    if (!same) await engine.query(['RESET ROLE', ...renames, ...this.#settingStatements()].join(';'))
    engine.session = this
  }

  /** Remembers what the statements since the last call left behind. No transaction is open any more. */
  async settle(engine) {
    if (this.#settingsTouched) {
      // Names of transaction_… are the transaction's, not the session's.
      const rows = await engine.query(
        `SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction\\_%'`)
      // PostgreSQL doesn't list the settings that no extension has declared.
      const custom = [...this.#customSettings].map(name => `SELECT ${literal(name)}, current_setting(${literal(name)}, true)`)
      if (custom.length > 0) rows.push(...(await engine.query(custom.join(' UNION ALL '))).filter(([, value]) => value !== null))
      this.#settings = Object.fromEntries(rows)
      this.#role = (await engine.query('SELECT current_user'))[0][0]
      this.#settingsTouched = false
    }
    // Dropped tables leave the list as well: ON COMMIT DROP, or the client's own DROP.
    if (this.#tablesTouched || this.#tables.length > 0) {
      const rows = await engine.query(
        `SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'v') AND relname !~ '^c\\d+~'`)
      this.#tables = rows.map(([name]) => name)
      this.#tablesTouched = false
    }
  }

  /** True where reset would change nothing, so that no turn is needed for it. */
  isFresh(parts) {
    return !(parts.includes('settings') && this.#settings !== this.#initial) && !(parts.includes('role') && this.#role !== SUPERUSER) &&
      !(parts.includes('tables') && this.#tables.length > 0) && !(parts.includes('statements') && this.#statements.size > 0)
  }

  /** Puts the named parts back to what they were after the start-up. The engine shows this session, outside a transaction. */
  async reset(engine, parts) {
    const sql = []
    if (parts.includes('settings')) this.#settings = this.#initial
    if (parts.includes('role')) this.#role = SUPERUSER
    sql.push('RESET ROLE', ...this.#settingStatements())
    if (parts.includes('tables')) sql.push(...this.#tables.map(name => `DROP TABLE IF EXISTS pg_temp.${identifier(name)} CASCADE`))
    await engine.query(sql.join(';'))
    if (parts.includes('tables')) this.#tables = []
    if (!parts.includes('statements')) return
    for (const name of this.#statements.keys()) await engine.exec(message('C', Buffer.from('S'), name))
    await engine.exec(message('S'))
    this.#statements.clear()
  }

  /** Statements that hide this session's temporary tables from the next session, or show them again. */
  #renames(hide) {
    return this.#tables.map((name, index) => {
      const [from, to] = hide ? [name, this.#prefix + index] : [this.#prefix + index, name]
      return `ALTER TABLE pg_temp.${identifier(from)} RENAME TO ${identifier(to)}`
    })
  }

  #settingStatements() {
    const settings = Object.entries(this.#settings).map(([name, value]) => `SELECT set_config(${literal(name)}, ${literal(value)}, false)`)
    return ['RESET ALL', ...settings, ...(this.#role === SUPERUSER ? [] : [`SET ROLE ${identifier(this.#role)}`])]
  }
}

/** What ALTER DATABASE … SET and ALTER ROLE … SET give to new connections: this engine, started without a postmaster, does not. */
async function databaseSettings(engine) {
  const rows = await engine.query(`
    SELECT unnest(setconfig) FROM pg_catalog.pg_db_role_setting LEFT JOIN pg_catalog.pg_database d ON d.oid = setdatabase
     WHERE (setdatabase = 0 OR d.datname = current_database()) AND (setrole = 0 OR setrole = '${SUPERUSER}'::regrole)
     ORDER BY setdatabase <> 0, setrole <> 0`)
  return Object.fromEntries(rows.map(([setting]) => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]))
}

function equal(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
