// What the text of a statement says about the session it runs in.

export function withoutLeadingComments(sql) {
  return sql.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '').replace(/[\s;]+$/, '')
}

/** Statements that may leave a setting behind. (A set_config inside a stored function is not noticed.) */
export function mayChangeSettings(sql) {
  return /(?:^|;)\s*(?:set|reset|load)\b|\bset_config\s*\(/i.test(withoutLeadingComments(sql))
}

/** Names of settings with a prefix of their own, as in SET portal.user TO 'a'. */
export function customSettings(sql) {
  return [...sql.matchAll(/(?:\bset\s+(?:session\s+)?|\bset_config\s*\(\s*')(\w+\.\w+)/gi)].map(([, name]) => name)
}

export function mayMakeTemporaryTable(sql) {
  return /\btemp(?:orary)?\b/i.test(sql)
}

const everything = ['settings', 'role', 'tables', 'statements']

// What pools send between two uses of a connection: the tag each is answered with, and the parts of the session it resets.
// They never reach the engine, where they would reset the sessions of all connections and lose the search path.
const resets = {
  'discard all': { tag: 'DISCARD ALL', parts: everything },
  'discard temp': { tag: 'DISCARD TEMP', parts: ['tables'] },
  'discard temporary': { tag: 'DISCARD TEMP', parts: ['tables'] },
  'discard plans': { tag: 'DISCARD PLANS', parts: [] },
  'discard sequences': { tag: 'DISCARD SEQUENCES', parts: [] },
  'deallocate all': { tag: 'DEALLOCATE ALL', parts: ['statements'] },
  'reset all': { tag: 'RESET', parts: ['settings'] },
  'reset role': { tag: 'RESET', parts: ['role'] },
  'reset session authorization': { tag: 'RESET', parts: ['role'] },
  'set session authorization default': { tag: 'SET', parts: ['role'] },
  'close all': { tag: 'CLOSE CURSOR ALL', parts: [] },
  'unlisten *': { tag: 'UNLISTEN', parts: [] },
  'select pg_advisory_unlock_all()': { tag: 'SELECT 1', parts: [], column: 'pg_advisory_unlock_all' },
}

/** The resets that a text consists of, or null if there is any other statement in it. */
export function parseResets(sql) {
  const statements = withoutLeadingComments(sql).toLowerCase().split(';').map(part => part.trim().replace(/\s+/g, ' ')).filter(part => part)
  const found = statements.map(statement => Object.hasOwn(resets, statement) ? resets[statement] : null)
  return found.length > 0 && !found.includes(null) ? found : null
}
