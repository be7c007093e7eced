import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatAddress } from '../../address/index.ts'
import { address } from '../../dsn/dsn.fixtures.ts'
import { returnPathOf, type ReturnPathSettings } from '../../envelope/index.ts'
import { readReturned, tieReturned } from './index.ts'

const settings: ReturnPathSettings = { keys: [{ id: 'a', secret: 'secret' }] }
const now = new Date('2026-11-27T09:10:00Z')
const later = new Date('2027-02-01T00:00:00Z')
const SUBJECT = 'dlv_01hf8x7zt3q9v5m2k4n6p8r0ac'
const path = returnPathOf(SUBJECT, 'sender.example', settings, now)
const forged = returnPathOf(SUBJECT, 'sender.example', { keys: [{ id: 'a', secret: 'other' }] }, now)
const plain = address('news@sender.example')

const tie = (name: string, to = plain, at = now, named = 'news@sender.example') => {
  const raw = readFileSync(new URL(`fixtures/${name}.eml`, import.meta.url), 'utf8').replaceAll(
    'news@sender.example',
    named,
  )
  return tieReturned(readReturned(Buffer.from(raw), { reversePath: null }), to, settings, at)
}

describe('O47 returned mail', () => {
  it('is tied by the signed address that it came to, whatever it says', () => {
    expect(tie('postfix-unknown', path)).toEqual({ by: 'return_path', subject: SUBJECT })
    expect(tie('names-nobody', path)).toEqual({ by: 'return_path', subject: SUBJECT })
  })

  it('is tied by ENVID without it, else by the Message-ID of what came back, else by nothing', () => {
    expect(tie('postfix-unknown')).toEqual({ by: 'envelope_id', envelopeId: 'QQ314159' })
    expect(tie('qmail-unknown')).toEqual({ by: 'message_id', messageIds: ['original@sender.example'] })
    expect(tie('names-nobody')).toBe(null)
  })

  it('proves nothing when the address is forged, or its life is over', () => {
    expect(tie('qmail-unknown', forged)?.by).toBe('message_id')
    expect(tie('qmail-unknown', path, later)?.by).toBe('message_id')
    expect(tie('names-nobody', forged)).toBe(null)
  })

  it('O49 ties a complaint by the return path of the message in it, though its reader is redacted', () => {
    const to = address('fbl@sender.example')
    expect(tie('arf-redacted', to, now, formatAddress(path))).toEqual({ by: 'return_path', subject: SUBJECT })
    expect(tie('arf-abuse', to, now, formatAddress(path).toUpperCase())).toEqual({
      by: 'return_path',
      subject: SUBJECT,
    })
    expect(tie('arf-redacted', to, now, formatAddress(forged))?.by).toBe('message_id')
  })
})
