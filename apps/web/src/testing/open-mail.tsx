import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect } from 'vitest'

import { MailApp } from '#features/mail/mail-app.tsx'
import { renderPage, type Handlers } from '#testing/fake-api.tsx'
import { fakeMailbox } from '#testing/messages.ts'

/** Opens the mail pages on a mailbox of `count` messages; `handlers` answer in place of it. */
export function openMail(count = 3, options: { handlers?: Handlers; search?: string } = {}) {
  const fake = fakeMailbox(count)
  const page = renderPage(
    <MailApp
      user={fake.user}
      mailboxes={[fake.mailbox]}
      fallback={{ mailbox: 'hana@example.com', folder: 'inbox' }}
      preferences={{ collapsed: false, density: 'comfortable', listWidth: 420, shortcuts: true }}
    />,
    { handlers: { ...fake.handlers, ...options.handlers }, search: options.search ?? '' },
  )
  return { ...page, fake, state: fake.state, user: userEvent.setup() }
}

const named = (n: number) => ({ name: new RegExp(`Subject ${String(n)}\\b`) })
export const row = (n: number) => screen.findByRole('row', named(n))
export const gone = (n: number) => waitFor(() => expect(screen.queryByRole('row', named(n))).toBeNull())
