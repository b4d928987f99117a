// The PostgreSQL wire protocol, version 3: reading a client's messages, making and taking apart a server's.
// https://www.postgresql.org/docs/17/protocol-message-formats.html

// A message larger than this ends the connection. Two hundred thousand measurements of 40 columns fit.
export const LARGEST_MESSAGE = 256 * 1024 * 1024

/** Reads whole messages from a socket, whatever chunks TCP made of them. Everything answers null at the end. */
export class MessageReader {
  #chunks
  #pending = []
  #size = 0

  constructor(socket) {
    this.#chunks = socket[Symbol.asyncIterator]()
  }

  /** The messages before authentication have no type byte: length, then a body starting with a request code. */
  async startup() {
    const length = await this.#read(4)
    return length && this.#read(bodySize(length, 0))
  }

  async message() {
    const header = await this.#read(5)
    if (!header) return null
    const body = await this.#read(bodySize(header, 1))
    return body && { type: String.fromCharCode(header[0]), header, body }
  }

  async #read(size) {
    while (this.#size < size) {
      const { done, value } = await this.#chunks.next()
      if (done) return null
      this.#pending.push(value)
      this.#size += value.length
    }
    const all = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending)
    this.#pending = [all.subarray(size)]
    this.#size -= size
    return all.subarray(0, size)
  }
}

function bodySize(header, offset) {
  const size = header.readInt32BE(offset) - 4
  if (size < 0 || size > LARGEST_MESSAGE) throw new Error(`a message of ${size} bytes is outside 0..${LARGEST_MESSAGE}`)
  return size
}

/** One message of the given type; strings get their closing NUL, a number is one 32-bit integer. */
export function message(type, ...parts) {
  const body = Buffer.concat(parts.map(encode))
  const header = Buffer.alloc(5)
  header.write(type, 'latin1')
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

function encode(part) {
  if (typeof part === 'string') return Buffer.from(part + '\0')
  if (typeof part !== 'number') return part
  const integer = Buffer.alloc(4)
  integer.writeInt32BE(part)
  return integer
}

export const query = sql => message('Q', sql)
export const sync = message('S')
export const readyForQuery = status => message('Z', Buffer.from(status))
export const commandComplete = tag => message('C', tag)

export function error(severity, code, text) {
  return message('E', `S${severity}`, `V${severity}`, `C${code}`, `M${text}`, Buffer.alloc(1))
}

/** A NUL-terminated string of a body, and where the next field starts. */
export function readString(body, offset = 0) {
  const end = body.indexOf(0, offset)
  if (end < 0) throw new Error('a string without its closing NUL')
  return { text: body.toString('utf8', offset, end), next: end + 1 }
}

/** The messages in what the engine answered. */
export function* messagesOf(answer) {
  for (let offset = 0; offset < answer.length; ) {
    const end = offset + 1 + answer.readInt32BE(offset + 1)
    yield { type: String.fromCharCode(answer[offset]), frame: answer.subarray(offset, end), body: answer.subarray(offset + 5, end) }
    offset = end
  }
}

/** 'I' idle, 'T' in a transaction, 'E' in a failed one; undefined where the answer ends before ReadyForQuery. */
export function transactionStatus(answer) {
  return answer.length >= 6 && answer[answer.length - 6] === 0x5a ? String.fromCharCode(answer[answer.length - 1]) : undefined
}

/** The rows of a text-format answer, null for NULL; an error in it is thrown. */
export function rowsOf(answer) {
  const rows = []
  for (const { type, body } of messagesOf(answer)) {
    if (type === 'E') throw new Error(errorText(body))
    if (type !== 'D') continue
    const row = []
    let offset = 2
    for (let column = body.readInt16BE(0); column > 0; column--) {
      const size = body.readInt32BE(offset)
      offset += 4
      row.push(size < 0 ? null : body.toString('utf8', offset, offset + size))
      offset += Math.max(size, 0)
    }
    rows.push(row)
  }
  return rows
}

export function errorText(body) {
  return body.toString().split('\0').find(field => field.startsWith('M'))?.slice(1) ?? 'unknown error'
}
