import { createFileRoom } from '@mairust/db'
import { clientNetwork, inNetworks } from '@mairust/mail-core/inbound'
import type { SessionFacts } from '@mairust/mail-core/smtp'
import { MAX_IN_MEMORY } from './memory-budget.ts'

/** Announcements count up to so much in all: words alone cannot use up a large disk. */
const MAX_PROMISED = 256 * 1024 * 1024
/** The part of the free space that one's unfinished messages may take: a stranger's network, and who is trusted more. */
const PARTS = { stranger: 1 / 4, trusted: 1 / 2 }

/** Who sends a message, and the part of the free space that their unfinished messages may take together. */
export interface SpoolOwner {
  readonly name: string
  readonly part: number
}

/** A message's place on the disk, from DATA until its file is gone. */
export interface SpoolPlace {
  /** Takes room for more bytes of the file; false when there is none: the message is given up, its room is free for others. */
  grow(bytes: number): Promise<boolean>
  /** Bytes that `grow` allowed are in the file. */
  wrote(bytes: number): void
  /** Waits until the objects made from the file have room beside it. */
  store(bytes: number): Promise<void>
  /** The file is gone, and the objects are stored or removed. */
  close(): void
}

/** Shares the space above the reserve among messages that are not stored yet. */
export interface SpoolSpace {
  /** Whether a message of this size may come; true when free space is unknown. */
  has(owner: SpoolOwner, size: number): Promise<boolean>
  /** @param announced the size that MAIL declared */
  open(owner: SpoolOwner, announced: number | null): SpoolPlace
}

interface Held {
  readonly owner: SpoolOwner
  /** Counted as taken even before it comes; 0 for none. */
  readonly announced: number
  /** Bytes of the file that have been allowed. */
  spooled: number
  /** Those of them that are written. */
  written: number
  /** Bytes of objects being made from the file. */
  storing: number
}

/** The owner of a session's messages. */
export function spoolOwner({ user, remoteAddress }: SessionFacts, exempt: readonly string[]): SpoolOwner {
  if (user !== null) return { name: user.id, part: PARTS.trusted }
  const part = inNetworks(remoteAddress, exempt) ? PARTS.trusted : PARTS.stranger
  return { name: clientNetwork(remoteAddress), part }
}

/** @param measure reads the free bytes of the disk, null when unknown */
export function createSpoolSpace(measure: () => Promise<number | null>, now: () => number): SpoolSpace {
  const places = new Set<Held>()
  const room = createFileRoom(measure, now)
  let storing = 0
  let waiting: (() => void)[] = []
  let turn = Promise.resolve()

  const nextStored = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))

  /** What the places take, when this one takes so many more. */
  function taken(place: Held | null, more: number) {
    const sum = { spooled: 0, promised: 0, largest: 0, own: 0 }
    const add = (each: Held): void => {
      const spooled = each.spooled + (each === place ? more : 0)
      const held = Math.max(spooled, each.announced)
      sum.spooled += spooled
      sum.promised += held - spooled
      sum.largest = Math.max(sum.largest, held)
      if (each.owner.name === place?.owner.name) sum.own += held
    }
    for (const each of places) add(each)
    if (place !== null && !places.has(place)) add(place)
    return { ...sum, all: sum.spooled + Math.min(sum.promised, MAX_PROMISED) }
  }

  function fits(roomForAll: number, place: Held, more: number): boolean {
    const { all, largest, own } = taken(place, more)
    const free = roomForAll - all
    // Each file is copied into its objects; there is always room to do so one by one.
    return free >= Math.max(largest, storing) && own <= place.owner.part * (free + own)
  }

  async function admit(held: Held, bytes: number): Promise<void> {
    for (;;) {
      const free = (await room.bytes()) - taken(null, 0).spooled - storing
      if (storing === 0 || free >= bytes) break
      await nextStored()
    }
    storing += bytes
    held.storing += bytes
  }

  function placeOf(held: Held): SpoolPlace {
    let isGivenUp = false
    return {
      grow: async (bytes) => {
        while (!isGivenUp) {
          if (fits(await room.bytes(), held, bytes)) {
            held.spooled += bytes
            places.add(held)
            return true
          }
          // What is being stored takes its room twice; that ends soon.
          if (storing > 0) await nextStored()
          else isGivenUp = true
        }
        places.delete(held)
        return false
      },
      wrote: (bytes) => {
        held.written += bytes
        room.wrote(bytes)
      },
      store: (bytes) => {
        if (held.written === 0) return Promise.resolve()
        turn = turn.then(() => admit(held, bytes))
        return turn
      },
      close: () => {
        places.delete(held)
        room.wrote(-held.written)
        held.written = 0
        if (held.storing === 0) return
        storing -= held.storing
        held.storing = 0
        // The objects are on the disk now.
        room.stored()
        const woken = waiting
        waiting = []
        for (const wake of woken) wake()
      },
    }
  }

  const holding = (owner: SpoolOwner, announced: number): Held => ({
    owner,
    announced,
    spooled: 0,
    written: 0,
    storing: 0,
  })

  return {
    has: async (owner, size) => {
      const roomForAll = await room.bytes()
      // Small ones stay in memory.
      return size <= MAX_IN_MEMORY ? roomForAll - taken(null, 0).all > size : fits(roomForAll, holding(owner, size), 0)
    },
    open: (owner, announced) => {
      const size = announced !== null && announced > MAX_IN_MEMORY ? announced : 0
      const held = holding(owner, size)
      if (size === 0 || !fits(room.last(), held, 0)) return placeOf(holding(owner, 0))
      places.add(held)
      return placeOf(held)
    },
  }
}
