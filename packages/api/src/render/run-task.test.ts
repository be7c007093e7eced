import { expect, it } from 'vitest'
import { runTask } from './run-task.ts'

it.each([
  ['the addresses of pictures', '<img src=cid:a>'],
  ['the labels of links', '<a href=//a>'],
])('HTML to which %s add too much is not shown', (_what, html) => {
  const task = {
    kind: 'sanitize' as const,
    grant: { tenantId: 'tnt_1', userId: 'usr_1', messageId: 'msg_1', expires: new Date(0) },
    signingKey: Buffer.alloc(32),
    parts: [{ index: 0, contentId: 'a' }],
    remoteImages: false,
  }
  expect(runTask({ ...task, html: html.repeat(60_000) })).toBe('too_large')
  expect(runTask({ ...task, html: html.repeat(6000) })).toMatchObject({ blockedImages: 0 })
})
