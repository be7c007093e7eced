/** The part of all places from which networks crowd a port. */
const CROWD = 1 / 4

/** A connection's place on a port. */
interface Place {
  /** Whose connections share a fair part of the port: the client's `clientNetwork`, '' until it is named. */
  readonly network: string
  /** A trusted client, which has no fair share to keep to. */
  readonly exempt: boolean
}

/** Who asks for a place on a full port. */
export interface Newcomer {
  /** null for a client without a fair share: one that is exempt or not named yet. */
  readonly network: string | null
}

/**
 * What a connection does. `complete`: the client is owed an answer that must not be lost; `owed`: one that is lost only when nothing
 * else can go; `moving`: its work goes on; `protected`: it has made a step towards work; `fresh`: it has just come, and its network is
 * small; `idle`: everything else.
 */
export type Standing = 'complete' | 'owed' | 'moving' | 'protected' | 'fresh' | 'idle'

/** How a connection stands; of several that could go alike, from networks of one size, the one of least `worth` goes. */
export interface Judgement {
  readonly standing: Standing
  readonly worth: number
}

/**
 * The place that is given to a newcomer on a full port, or null when none is. Networks that crowd the port give first, even what their
 * steps protect, to those that hold clearly fewer; then whoever is idle; then what moves in networks that crowd the port; then the
 * oldest of those that have just come. Nothing that moves is taken from a network that does not crowd the port, and those that do take
 * nothing from smaller ones.
 * @param judge tells how a place stands whose network holds `count` places
 */
export function chooseEvicted<P extends Place>(
  places: ReadonlySet<P>,
  newcomer: Newcomer,
  judge: (place: P, count: number) => Judgement,
): P | null {
  const held = new Map<string, number>()
  const fair = new Map<string, number>()
  for (const { network, exempt } of places) {
    held.set(network, (held.get(network) ?? 0) + 1)
    if (!exempt && network !== '') fair.set(network, (fair.get(network) ?? 0) + 1)
  }
  const own = newcomer.network === null ? 1 : (held.get(newcomer.network) ?? 0) + 1
  const isCrowd = (matches: (count: number) => boolean): boolean =>
    [...fair.values()].reduce((sum, count) => sum + (matches(count) ? count : 0), 0) >= places.size * CROWD
  const others = { crowd: isCrowd((count) => count > 2 * own), peers: isCrowd((count) => 2 * count >= own) }

  /** The lower, the sooner it goes; null when it stays. */
  const rankOf = (standing: Standing, count: number, exempt: boolean): number | null => {
    if (standing === 'complete') return null
    const isLarge = count > 2 * own
    if (isLarge && standing === 'idle') return 0
    if (isLarge && others.crowd && !exempt) return standing === 'owed' ? 5 : standing === 'moving' ? 3 : 1
    if ((standing !== 'idle' && standing !== 'fresh') || (others.peers && own > 2 * count)) return null
    if (standing === 'idle') return 2
    return own <= 2 * count ? 4 : null
  }

  let found: { readonly place: P; readonly rank: number; readonly count: number; readonly worth: number } | null = null
  for (const place of places) {
    const count = held.get(place.network) ?? 0
    const { standing, worth } = judge(place, count)
    const rank = rankOf(standing, count, place.exempt)
    if (rank === null) continue
    const isWorse = found === null || (rank - found.rank || found.count - count || Math.sign(worth - found.worth)) < 0
    if (isWorse) found = { place, rank, count, worth }
  }
  return found?.place ?? null
}
