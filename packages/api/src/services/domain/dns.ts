import { verb } from '../../verb/index.ts'
import { pageOf, listOutput } from '../../wire/index.ts'
import { requireDomain } from './internal.ts'
import { openLook } from './look.ts'
import { checkedRecordSchema, listDomainRecordsInput, type CheckedRecordWire } from './schemas.ts'
import { type CheckedRecord, viewDomain } from './view.ts'

/** Answers of strangers: so many of them, and so much of each. */
const MAX_FOUND = 20
const MAX_VALUE = 512

/**
 * The records that a domain needs: proof of ownership, MX, SPF with what is there already, DKIM for each key, DMARC, MTA-STS, TLS reports,
 * and the names of the server's addresses. Each is looked up at once, unless `check` is false.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const listDomainRecords = verb({
  permission: 'domain:read',
  input: listDomainRecordsInput,
  output: listOutput(checkedRecordSchema),
  run: async (ctx, wanted) => {
    const domain = await requireDomain(ctx.db, ctx, 'domain:read', wanted.id)
    const look = wanted.check === false ? null : openLook(ctx.openResolver())
    const { records } = await viewDomain(ctx, domain, look)
    return pageOf(records, wanted, toRecordWire, ({ purpose, name }, at) => [at, `${purpose} ${name}`])
  },
})

const toRecordWire = (record: CheckedRecord): CheckedRecordWire => ({
  purpose: record.purpose,
  type: record.type,
  name: record.name,
  value: record.value,
  ttl: record.ttl,
  required: record.required,
  status: record.status,
  found: record.found.slice(0, MAX_FOUND).map((value) => value.slice(0, MAX_VALUE)),
  note: record.note,
})
