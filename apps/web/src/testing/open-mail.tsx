import { act, screen, waitFor, within } from '@testing-library/react'
import { userEvent, type UserEvent } from '@testing-library/user-event'
import { beforeEach, expect, vi } from 'vitest'

import { MailApp } from '#features/mail/mail-app.tsx'
import { FakeEventSource } from '#testing/event-source.ts'
import { renderPage, type PageOptions } from '#testing/fake-api.tsx'
import { fakeMailbox, makeMessage } from '#testing/messages.ts'

// Every test of the mail pages starts at the inbox, with a fake event stream.
beforeEach(() => {
  vi.stubGlobal('EventSource', FakeEventSource)
  window.history.replaceState(null, '', '/mail/hana@example.com/inbox')
})

/** The input of a batch change, and its answer. */
export type Batch = { ids: string[]; action: string; folder?: string }
export type Answer = { data: { updated: number; failed: { id: string; code: string }[] } }

/** Opens the mail pages on a mailbox with `count` messages; `handlers` override its answers. */
export function openMail(count = 3, { handlers, ...options }: Omit<PageOptions, 'onUrl'> = {}) {
  const fake = fakeMailbox(count)
  const page = renderPage(
    <MailApp
      user={fake.user}
      mailboxes={[fake.mailbox]}
      fallback={{ mailbox: 'hana@example.com', folder: 'inbox' }}
      preferences={{ collapsed: false, density: 'comfortable', listWidth: 420, shortcuts: true }}
    />,
    { ...options, handlers: { ...fake.handlers, ...handlers } },
  )
  return { ...page, fake, state: fake.state, user: userEvent.setup() }
}

const named = (n: number) => ({ name: new RegExp(`Subject ${String(n)}\\b`) })
export const row = (n: number) => screen.findByRole('row', named(n))
export const gone = (n: number) => waitFor(() => expect(screen.queryByRole('row', named(n))).toBeNull())
export const reader = () => screen.findByRole('article')
export const click = async (user: UserEvent, n: number) => user.click(within(await row(n)).getByRole('link'))
export const tick = async (user: UserEvent, n: number) => user.click(within(await row(n)).getByRole('checkbox'))

export const idOf = (n: number) => makeMessage(n).id
/** The answer to a batch that could not change these messages. */
export const failed = (...numbers: number[]): Answer => ({
  data: { updated: 0, failed: numbers.map((n) => ({ id: idOf(n), code: 'NOT_FOUND' })) },
})
/** Sends the event that a mailbox has changed. */
export const changed = (mailboxId = makeMessage(1).mailbox_id) =>
  act(() => FakeEventSource.open[0]?.say(JSON.stringify({ mailbox_id: mailboxId })))
