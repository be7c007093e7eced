/** One who waits for a place. */
interface Ticket<Place> {
  readonly owners: readonly string[]
  readonly give: (place: Place) => void
}

/** Who wait for a place, by whose mail it would be for: owners take turns, so that nobody waits for all that another has. */
export class PlaceQueue<Place> {
  /** Whoever was served last comes last. */
  readonly #owners = new Map<string, Set<Ticket<Place>>>()

  /** Waits for a place, at the first turn of any of these. */
  wait(owners: readonly [string, ...string[]]): Promise<Place> {
    return new Promise((give) => {
      const ticket = { owners, give }
      for (const owner of owners) {
        const tickets = this.#owners.get(owner)
        if (tickets === undefined) this.#owners.set(owner, new Set([ticket]))
        else tickets.add(ticket)
      }
    })
  }

  /** Who is next; undefined: nobody waits. */
  take(): ((place: Place) => void) | undefined {
    for (const [owner, tickets] of this.#owners) {
      for (const ticket of tickets) {
        for (const each of ticket.owners) this.#drop(each, ticket)
        this.#owners.delete(owner)
        if (tickets.size > 0) this.#owners.set(owner, tickets)
        return ticket.give
      }
    }
    return undefined
  }

  #drop(owner: string, ticket: Ticket<Place>): void {
    const tickets = this.#owners.get(owner)
    tickets?.delete(ticket)
    if (tickets?.size === 0) this.#owners.delete(owner)
  }
}
