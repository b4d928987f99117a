// The engine has a single session, so connections take turns: a turn lasts until the transaction is over.

// A connection that waited this long reports a deadlock instead: nobody in a test works that long in one transaction.
const PATIENCE_MS = 60_000

export class Turns {
  #holder = null
  #waiting = []

  holds(connection) {
    return this.#holder === connection
  }

  /** Waits, first come first served; a connection that leaves (patient) waits for as long as it takes. */
  take(connection, { patient = false } = {}) {
    if (this.#holder === connection) return Promise.resolve()
    if (!this.#holder) {
      this.#holder = connection
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const entry = { connection, resolve }
      this.#waiting.push(entry)
      if (patient) return
      entry.timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1)
        reject(new Error(`waited ${PATIENCE_MS / 1000} s for ${this.#holder.name}, whose transaction is open. All connections share one ` +
          'session here: a test must not hold a transaction while it awaits another connection. Use plain PostgreSQL for such a test.'))
      }, PATIENCE_MS)
    })
  }

  end(connection) {
    if (this.#holder !== connection) return
    const next = this.#waiting.shift()
    clearTimeout(next?.timer)
    this.#holder = next?.connection ?? null
    next?.resolve()
  }
}
