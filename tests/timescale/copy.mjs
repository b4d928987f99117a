// COPY … FROM STDIN. The engine can't wait for a client's data in the middle of a statement, but takes the statement and
// all of its data at once. So the client is answered CopyInResponse by us, and the engine gets everything at the end.

import { LARGEST_MESSAGE, message, messagesOf, query } from './messages.mjs'
import { withoutLeadingComments } from './statements.mjs'

const name = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)`
const copyFrom = new RegExp(String.raw`^copy\s+(?<table>${name}(?:\s*\.\s*${name})*)\s*(?:\((?<columns>[^)]*)\)\s*)?\bfrom\s+stdin\b(?<options>.*)$`, 'is')
const anywhere = /\bcopy\b[^;]*\bfrom\s+stdin\b/i

/** The parts of a statement that is a COPY … FROM STDIN and nothing else, or null. */
export function parseCopyFromStdin(sql) {
  return withoutLeadingComments(sql).match(copyFrom)?.groups ?? null
}

/** In a place where it can't be emulated (several statements in one message, the extended protocol) it becomes an error. */
export function refuseCopyFromStdin(sql) {
  return anywhere.test(sql) ? 'SELECT "COPY FROM STDIN must be the only statement of a simple query on this server"' : sql
}

/**
 * The CopyInResponse for a statement, or the engine's error. The engine says how it would copy the same columns out:
 * that answer has the same layout, and a missing table or column is found before the client sends data, as on a real server.
 */
export async function copyInResponse(engine, { table, columns, options }) {
  const literal = `'${table.replaceAll("'", "''")}'`
  if (columns === undefined) {
    const answer = await engine.exec(query(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute
        WHERE attrelid = ${literal}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`))
    const row = [...messagesOf(answer)].find(({ type }) => type === 'D')
    if (!row) return { answer }
    columns = row.body.toString('utf8', 6)
  }
  const format = /\bbinary\b/i.test(options) ? 'binary' : 'text'
  const answer = await engine.exec(query(`COPY (SELECT ${columns} FROM ${table} LIMIT 0) TO STDOUT (FORMAT ${format})`))
  const copyOut = [...messagesOf(answer)].find(({ type }) => type === 'H')
  return { answer, response: copyOut && message('G', copyOut.body) }
}

/** A copy under way: the client's messages until CopyDone or CopyFail. */
export class CopyIn {
  #messages
  #size = 0

  constructor(statement) {
    this.#messages = [statement]
  }

  add({ header, body }) {
    this.#messages.push(header, body)
    this.#size += header.length + body.length
    if (this.#size > LARGEST_MESSAGE) throw new Error(`one COPY may hold ${LARGEST_MESSAGE} bytes here`)
  }

  /** Runs it; the engine's own CopyInResponse is left out, the client has had one. */
  async run(engine) {
    const answer = await engine.exec(Buffer.concat(this.#messages))
    const first = messagesOf(answer).next().value
    return first?.type === 'G' ? answer.subarray(first.frame.length) : answer
  }
}
