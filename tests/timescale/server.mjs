// A TimescaleDB for tests: one database behind the PostgreSQL wire protocol, on loopback, for as long as standard input
// stays open, so that it never outlives the test run that started it. Prints its port on standard output once it answers.
//
//     node server.mjs [folder for the cached template]

import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { Connection } from './connection.mjs'
import { Engine } from './engine.mjs'
import { Session } from './session.mjs'
import { Turns } from './turns.mjs'

// What PostgreSQL reports of itself at the start of every connection.
const REPORTED = ['server_version', 'server_encoding', 'client_encoding', 'application_name', 'DateStyle', 'IntervalStyle', 'TimeZone',
  'integer_datetimes', 'standard_conforming_strings', 'is_superuser', 'session_authorization']

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
process.stdin.on('error', () => process.exit(0))

const cacheFolder = process.argv[2] ?? fileURLToPath(new URL('../../artifacts/timescale', import.meta.url))
const engine = await Engine.start(cacheFolder)
const turns = new Turns()

await new Session(0, {}).enter(engine)
const [values] = await engine.query(`SELECT ${REPORTED.map(name => `current_setting('${name}')`).join(', ')}`)
const statuses = { ...Object.fromEntries(REPORTED.map((name, index) => [name, values[index]])), is_superuser: 'on', session_authorization: 'postgres' }

let connections = 0
const server = net.createServer({ noDelay: true }, socket => {
  // A broken socket ends the reading loop; without a listener it would end the process.
  socket.on('error', () => {})
  new Connection(socket, ++connections, engine, turns).serve(statuses).catch(crash)
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))

// A trap in the engine leaves it unusable, and a mistake of ours the turns unclear: no later test must build on that.
function crash(exception) {
  console.error(exception)
  setTimeout(() => process.exit(70), 100)
}
