import { describe, expect, it } from 'vitest'
import { BOUNCE_CLASSES, BOUNCE_TABLE, explainBounce } from './index.ts'

describe('the bounce table', () => {
  it('has 22 classes, each with a row', () => {
    expect(BOUNCE_CLASSES).toHaveLength(22)
    expect(Object.keys(BOUNCE_TABLE).sort()).toEqual([...BOUNCE_CLASSES].sort())
  })

  it.each(BOUNCE_CLASSES)('explains %s in English and Japanese, to people who know no codes', (cls) => {
    const en = explainBounce(cls, 'en')
    const ja = explainBounce(cls, 'ja')
    for (const text of [en.happened, en.todo]) {
      expect(text).toMatch(/^[A-Z][\x20-\x7e]+\.$/)
      expect(text).not.toMatch(/\b\d{3}\b|SMTP|MX\b/)
    }
    for (const text of [ja.happened, ja.todo]) expect(text).toMatch(/\p{scx=Hiragana}.*。$/u)
  })

  it('suppresses only what is about the recipient', () => {
    for (const { action, scope } of Object.values(BOUNCE_TABLE)) {
      if (action === 'suppress') expect(scope).toBe('recipient')
      if (action === 'pause_source') expect(scope).toBe('source_ip')
    }
  })
})
