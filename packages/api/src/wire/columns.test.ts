import { describe, expect, it } from 'vitest'
import { changesNothing, type Columns } from './columns.ts'

interface Row {
  maySendAs: boolean
  note: string | null
}
interface Fields {
  address?: string | undefined
  may_send_as?: boolean | undefined
  note?: string | null | undefined
}

describe('the columns of a request', () => {
  it('are required for every field that is stored as given', () => {
    const whole: Columns<Row, Fields, 'address'> = { maySendAs: true, note: undefined }
    expect(whole).toEqual({ maySendAs: true })
    // @ts-expect-error a field is forgotten
    const forgotten: Columns<Row, Fields, 'address'> = { maySendAs: true }
    // @ts-expect-error a field is no column
    const unknown: Columns<Row, Fields> = { maySendAs: true, note: null, address: 'a@example.com' }
    // @ts-expect-error a column of another kind
    const other: Columns<Row, Fields, 'address'> = { maySendAs: 'yes', note: null }
    expect([forgotten, unknown, other]).toHaveLength(3)
  })
})

describe('a change', () => {
  it('changes nothing if it has no columns, or only the current values', () => {
    expect(changesNothing({})).toBe(true)
    expect(changesNothing({ name: undefined })).toBe(true)
    expect(changesNothing({ name: 'a' }, { name: 'a' })).toBe(true)
    expect(changesNothing({ name: null })).toBe(false)
    expect(changesNothing({ name: 'b', note: undefined }, { name: 'a' })).toBe(false)
  })
})
