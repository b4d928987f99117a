// One client: start-up, then its statements, each in its turn.

import { CopyIn, copyInResponse, parseCopyFromStdin, refuseCopyFromStdin } from './copy.mjs'
import * as wire from './messages.mjs'
import { Session } from './session.mjs'
import { parseResets } from './statements.mjs'

export class Connection {
  #socket
  #reader
  #engine
  #turns
  #session = null
  #batch = []
  #batchSize = 0
  #copy = null
  #resetLater = []

  constructor(socket, number, engine, turns) {
    this.#socket = socket
    this.#reader = new wire.MessageReader(socket)
    this.#engine = engine
    this.#turns = turns
    this.number = number
    this.name = `connection ${number}`
  }

  /** Serves the client until it goes. What it left open is rolled back and cleaned up, however it went. */
  async serve(statuses) {
    try {
      const settings = await this.#startUp()
      if (!settings) return
      this.#session = new Session(this.number, settings)
      this.#welcome({ ...statuses, ...settings })
      for (let next; (next = await this.#reader.message()) && next.type !== 'X'; ) await this.#take(next)
    } catch (exception) {
      if (exception.code !== 'ECONNRESET' && exception.code !== 'EPIPE') this.#send(wire.error('FATAL', 'XX000', exception.message))
      if (exception instanceof WebAssembly.RuntimeError) throw exception
    } finally {
      this.#socket.end()
    }
    await this.#leave()
  }

  /** The settings that the client asks for; null if it only came to cancel, which isn't possible here. */
  async #startUp() {
    for (let body; (body = await this.#reader.startup()); ) {
      const [major, minor] = [body.readInt16BE(0), body.readInt16BE(2)]
      // 1234 marks requests: 5678 cancels, 5679 asks for TLS, 5680 for GSS encryption.
      if (major === 1234 && minor === 5678) return null
      if (major === 1234) this.#socket.write('N')
      else if (major === 3) return startupSettings(body)
      else throw new Error(`protocol ${major}.${minor} is not spoken here`)
    }
    return null
  }

  #welcome(statuses) {
    this.#send(wire.message('R', 0), ...Object.entries(statuses).map(([name, value]) => wire.message('S', name, value)),
      wire.message('K', this.number, this.number), wire.readyForQuery('I'))
  }

  async #take(next) {
    if (this.#copy) return this.#copyData(next)
    switch (next.type) {
      case 'Q': return this.#simpleQuery(next)
      case 'P': return this.#addToBatch(this.#session.rename(this.#inspectParse(next)))
      case 'B': case 'D': case 'E': case 'C': return this.#addToBatch(this.#session.rename(next))
      case 'H': case 'S': return this.#addToBatch(next.header), this.#runBatch()
      // What a client sends of a copy that has failed already.
      case 'd': case 'c': case 'f': return
      default: throw new Error(`message type ${next.type} is not understood here`)
    }
  }

  #inspectParse(parse) {
    const { next } = wire.readString(parse.body)
    const { text, next: rest } = wire.readString(parse.body, next)
    const resets = parseResets(text)
    this.#resetLater.push(...(resets ?? []))
    const allowed = resets ? '' : refuseCopyFromStdin(text)
    if (allowed === text) return parse
    const rewritten = wire.message('P', parse.body.subarray(0, next), allowed, parse.body.subarray(rest))
    return { type: 'P', header: rewritten.subarray(0, 5), body: rewritten.subarray(5) }
  }

  async #simpleQuery({ header, body }) {
    const { text } = wire.readString(body)
    const resets = this.#batch.length === 0 && !this.#turns.holds(this) ? parseResets(text) : null
    if (resets) return this.#answerResets(resets)
    this.#session.note(text)
    const copy = this.#batch.length === 0 ? parseCopyFromStdin(text) : null
    if (copy) return this.#beginCopy(copy, Buffer.concat([header, body]))
    this.#addToBatch(wire.query(refuseCopyFromStdin(text)))
    return this.#runBatch()
  }

  async #answerResets(resets) {
    await this.#reset(resets.flatMap(({ parts }) => parts))
    const answers = resets.map(({ tag, column }) => column ? Buffer.concat([oneVoid(column), wire.commandComplete(tag)]) : wire.commandComplete(tag))
    this.#send(...answers, wire.readyForQuery('I'))
  }

  async #reset(parts) {
    if (this.#session.isFresh(parts)) return
    await this.#beginTurn()
    await this.#session.reset(this.#engine, parts)
    this.#turns.end(this)
  }

  async #beginCopy(copy, statement) {
    await this.#beginTurn()
    const { answer, response } = await copyInResponse(this.#engine, copy)
    if (!response) return this.#finish(answer)
    // Outside a transaction others may go on while the client sends its data.
    if (wire.transactionStatus(answer) === 'I') this.#turns.end(this)
    this.#copy = new CopyIn(statement)
    this.#send(response)
  }

  async #copyData(next) {
    // Flush and Sync mean nothing in the middle of a copy.
    if (next.type === 'H' || next.type === 'S') return
    this.#copy.add(next)
    if (next.type === 'd') return
    const copy = this.#copy
    this.#copy = null
    await this.#beginTurn()
    await this.#finish(await copy.run(this.#engine))
  }

  #addToBatch(bytes) {
    this.#batch.push(bytes)
    this.#batchSize += bytes.length
    if (this.#batchSize > wire.LARGEST_MESSAGE) throw new Error(`statements up to a Sync may hold ${wire.LARGEST_MESSAGE} bytes here`)
  }

  async #runBatch() {
    const batch = this.#batch
    this.#batch = []
    this.#batchSize = 0
    await this.#beginTurn()
    await this.#finish(await this.#engine.exec(batch))
  }

  async #beginTurn() {
    if (this.#turns.holds(this)) return
    await this.#turns.take(this)
    await this.#session.enter(this.#engine)
  }

  // After a Flush there is no status yet: the turn goes on.
  async #finish(answer) {
    if (wire.transactionStatus(answer) === 'I') {
      await this.#session.settle(this.#engine)
      const parts = this.#resetLater.flatMap(reset => reset.parts)
      this.#resetLater = []
      if (!this.#session.isFresh(parts)) await this.#session.reset(this.#engine, parts)
      this.#turns.end(this)
    }
    this.#send(answer)
  }

  async #leave() {
    if (!this.#session) return
    const everything = ['settings', 'role', 'tables', 'statements']
    if (this.#turns.holds(this)) {
      // Sync first: after an error in the middle of a batch the engine hears nothing else.
      await this.#engine.exec(wire.sync)
      await this.#engine.exec(wire.query('ROLLBACK'))
      await this.#session.settle(this.#engine)
    }
    if (!this.#session.isFresh(everything)) {
      await this.#turns.take(this, { patient: true })
      await this.#session.enter(this.#engine)
      await this.#session.reset(this.#engine, everything)
    }
    this.#turns.end(this)
  }

  #send(...messages) {
    if (!this.#socket.destroyed) this.#socket.write(Buffer.concat(messages))
  }
}

// user, database and replication choose nothing here: there is one database, and everybody is its superuser.
function startupSettings(body) {
  const settings = {}
  for (let offset = 4; body[offset] !== 0; ) {
    const name = wire.readString(body, offset)
    const value = wire.readString(body, name.next)
    offset = value.next
    if (name.text === 'options') Object.assign(settings, optionSettings(value.text))
    else if (!['user', 'database', 'replication'].includes(name.text)) settings[name.text] = value.text
  }
  return settings
}

// -c name=value or --name=value, a space in a value after a backslash.
function optionSettings(options) {
  const found = options.matchAll(/(?:-c\s*|--)([\w.]+)=((?:\\.|[^\s\\])*)/g)
  return Object.fromEntries([...found].map(([, name, value]) => [name, value.replace(/\\(.)/g, '$1')]))
}

// The answer of a function that returns void, in text format: one column of type 2278, one empty value.
function oneVoid(column) {
  const description = Buffer.from('000000000000000008e60004ffffffff0000', 'hex')
  return Buffer.concat([wire.message('T', Buffer.from([0, 1]), column, description), wire.message('D', Buffer.from([0, 1]), 0)])
}
