import { withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { ELSEWHERE, text, TROUBLE, useVerification } from './support/verification.ts'

withDatabases((database) => {
  const { asked, send, signed, newest } = useVerification(database)

  describe('a name server in trouble', () => {
    const domains = Object.keys(TROUBLE).filter((name) => !name.startsWith('_'))

    it.each(domains)('defers mail whose author is of %s', async (domain) => {
      expect(await send(text(`me@${domain}`), ELSEWHERE)).toMatch(/^451 4\.4\.3 .*\(jrn_[0-9a-z]{26}\)$/)
    })

    it.each(domains)('does not refuse mail for the SPF record of %s', async (domain) => {
      expect(await send(text('me@other.example'), { from: `me@${domain}` })).toMatch(/^250 /)
      expect((await newest()).authentication).toMatchObject({ spf: 'temperror', dmarc: 'none' })
    })

    it('defers what the missing key might have shown to be from its author', async () => {
      const body = `${text('me@k.example')}\r\n`
      expect(await send(signed(body, 'k.example').slice(0, -2), ELSEWHERE)).toMatch(/^451 4\.4\.3 /)
    })
  })

  it('a message with 500 signatures costs few look-ups', async () => {
    const signature = (n: number) =>
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d${n}.example; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n`
    asked.length = 0
    expect(await send(Array.from({ length: 500 }, (_, n) => signature(n)).join('') + text('me@other.example'))).toMatch(
      /^250 /,
    )
    expect(asked.length).toBeLessThan(30)
    expect((await newest()).authentication?.checks).toHaveLength(8)
  })
})
