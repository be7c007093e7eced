import type { Page } from '@playwright/test'
import { lines, sendRaw } from '../fixtures/mail.ts'
import { refill } from '../fixtures/mailbox.ts'
import type { ListPage } from '../fixtures/mailbox.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

/** Bidi overrides and isolates that are never closed, around Hebrew: each alone reverses adjacent text. */
const HOSTILE = '\u202Eאבג\u2067 evil \u2069\u2069\u202D'
const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

/** A message with `HOSTILE` in every field a sender controls. */
const letter = lines(
  `Received: from ${HOSTILE} by ${HOSTILE} with ${HOSTILE}; Mon, 2 Mar 2026 10:00:00 +0000`,
  `From: ${word(`Ann ${HOSTILE}`)} <ann@remote.example>`,
  `To: ${word(`Owner ${HOSTILE}`)} <${ADMIN.email}>, ${word(HOSTILE)} <other@remote.example>`,
  `Reply-To: "${HOSTILE}" <reply@remote.example>`,
  `Subject: ${word(`Turned ${HOSTILE}`)}`,
  `X-Turned: ${HOSTILE}`,
  `X-${HOSTILE}: name`,
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  `Body ${HOSTILE} https://remote.example/${HOSTILE}`,
  '--b',
  `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(`photo${HOSTILE}gpj.exe`)}`,
  '',
  'x',
  '--b--',
)

/**
 * Untrusted texts that share a line with other text and could reverse it: those neither alone in an element with its own direction
 * nor enclosed in isolates. Also accessible names and titles, which have no elements. A message body is a block with its own lines.
 */
function leaking(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const TURNS = /[\u0590-\u08FF\u202A-\u202E\u2066-\u2069]/
    const CLOSED = /[\u2066\u2068][^\u202A-\u202E\u2066-\u2069]*\u2069/g
    const turns = (text: string) => TURNS.test(text.replaceAll(CLOSED, ''))
    const isIsolated = (node: Text): boolean => {
      for (let at = node.parentElement; at?.textContent.trim() === node.data.trim(); at = at.parentElement) {
        if (getComputedStyle(at).unicodeBidi !== 'normal') return true
      }
      return false
    }
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node as Text
      const isShown = text.parentElement?.closest('script, style, pre, .prose-text') === null
      if (isShown && turns(text.data) && !isIsolated(text)) found.push(text.parentElement.outerHTML)
    }
    for (const element of document.querySelectorAll('*')) {
      for (const name of ['title', 'aria-label', 'alt', 'placeholder', 'aria-valuetext']) {
        const value = element.getAttribute(name) ?? ''
        if (turns(value)) found.push(`${name}: ${value}`)
      }
    }
    return turns(document.title) ? [...found, document.title] : found
  })
}

test('1.10: names, subjects and files that turn text round move nothing beside them, on any page', async ({
  adminPage: page,
  product,
  rest,
}) => {
  await refill(product, rest, [letter])
  const { body } = await rest.call<ListPage>('GET', '/messages?limit=1')
  const id = body.data[0]?.id ?? ''
  const { body: detail } = await rest.call<{ data: Record<string, unknown> }>('GET', `/messages/${id}`)
  // Raw values stay unchanged.
  const fields = { ...detail.data, headers: [], text: '' }
  expect(JSON.stringify([body.data, fields])).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
  const { body: mailboxes } = await rest.call<{ data: { id: string }[] }>('GET', '/mailboxes')
  const folder = { name: `Folder ${HOSTILE}` }
  const made = await rest.call<{ data: { name: string } }>(
    'POST',
    `/mailboxes/${mailboxes.data[0]?.id ?? ''}/folders`,
    folder,
  )
  expect(made.body.data.name).toBe('Folder אבג evil')
  await rest.call('POST', '/messages/batch', { ids: [id], action: 'add_tag', tag: `Tag ${HOSTILE}` })
  await sendRaw(product, ADMIN.email, letter, `${HOSTILE.replaceAll(' ', '')}@remote.example`).catch(() => undefined)

  const inbox = `${product.url}/mail/${ADMIN.email}/inbox`
  await page.goto(inbox)
  const row = page.getByRole('row', { name: /Turned/ }).last()
  await expect(row).toBeVisible()
  expect(await leaking(page), 'list').toEqual([])
  const [subject, time] = [row.getByText(/^Turned/), row.locator('time')]
  const [left, right] = [await subject.boundingBox(), await time.boundingBox()]
  expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThanOrEqual(right?.x ?? 0)
  expect(await time.innerText()).toMatch(/^\d\d:\d\d$/)

  await row.getByRole('link').click()
  await expect(page.getByRole('tabpanel').getByText('Body')).toBeVisible()
  await page.locator('article').getByRole('button', { name: /Owner/ }).click()
  await expect(page.getByText('reply@remote.example')).toBeVisible()
  expect(await leaking(page), 'message').toEqual([])
  await expect(page.getByRole('link', { name: /photo.*exe/ })).toHaveAttribute('download', /^[^\u202A-\u202E]*\.exe$/)
  for (const tab of ['Headers', 'Source', 'Trace']) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page.getByRole('tabpanel').locator('dl, pre, ol').first()).toBeVisible()
    expect(await leaking(page), tab).toEqual([])
  }
  await page.getByRole('button', { name: 'Tag', exact: true }).last().click()
  await expect(page.getByRole('menuitemcheckbox', { name: /Tag/ })).toBeVisible()
  expect(await leaking(page), 'tags').toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { name: /Folder/ })).toBeVisible()
  expect(await leaking(page), 'commands').toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: /Folder/ }).click()
  await expect(page).toHaveTitle(/Folder/)
  expect(await leaking(page), 'folder').toEqual([])

  await page.goto(`${inbox}?q=${encodeURIComponent(`nothing ${HOSTILE}`)}`)
  await expect(page.getByText(/No message matches/)).toBeVisible()
  expect(await leaking(page), 'search').toEqual([])
  await page.goto(`${product.url}/mail/${encodeURIComponent(HOSTILE)}/inbox`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await leaking(page), 'no mailbox').toEqual([])
  await page.goto(`${product.url}/trace`)
  for (const journey of await page.locator('details').all()) await journey.locator('summary').click()
  expect(await leaking(page), 'trace').toEqual([])
})
