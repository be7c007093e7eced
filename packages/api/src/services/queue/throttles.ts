import type { Db } from '@mairust/db'
import { listSites } from '@mairust/db/queries/delivery-site'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, listOutput, toPage } from '../../wire/index.ts'
import { listThrottlesInput, throttleSchema, type ThrottleWire } from './control-schemas.ts'
import { throttleKey, throttlesOf } from './throttle-wire.ts'

const cursorSchema = z.tuple([z.string().max(128), z.string().max(128)])
type Position = z.output<typeof cursorSchema>
const SITES = 500

/**
 * The limits that the answers of sites brought about, and sites of which no server answers, by site: those of the whole installation.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listThrottles = verb({
  permission: 'queue:operate',
  input: listThrottlesInput,
  output: listOutput(throttleSchema),
  run: async (ctx, { limit = DEFAULT_LIMIT, cursor }) => {
    const rows = await collect(ctx.db, ctx.now(), limit + 1, decodeCursor(cursorSchema, cursor))
    return toPage(
      rows,
      limit,
      (row) => row,
      (row): Position => [row.site, throttleKey(row)],
    )
  },
})

/** Most sites that are remembered have none: reads on until there are enough. */
const collect = async (db: Db, now: Date, enough: number, position: Position | null): Promise<ThrottleWire[]> => {
  const found: ThrottleWire[] = []
  let page: Parameters<typeof listSites>[1] = { limit: SITES, from: position?.[0] }
  while (found.length < enough) {
    const sites = await listSites(db, page)
    const throttles = sites.flatMap((site) => throttlesOf(site, now))
    found.push(...throttles.filter((one) => position === null || isAfter(one, position)))
    if (sites.length < SITES) break
    page = { limit: SITES, after: sites.at(-1)?.key }
  }
  return found
}

const isAfter = (throttle: ThrottleWire, [site, key]: Position): boolean =>
  throttle.site !== site || throttleKey(throttle) > key
