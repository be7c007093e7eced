import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'

import type { Locale } from '#lib/preferences.ts'
import { refusal, renderPage, type Handlers } from '#testing/fake-api.tsx'
import { fakeMailbox } from '#testing/messages.ts'

import { AccountPage } from './account-page.tsx'

function open(handlers: Handlers = {}, locale: Locale = 'en') {
  const page = renderPage(<AccountPage user={fakeMailbox(0).user} />, { handlers, locale })
  return { ...page, user: userEvent.setup() }
}

test('changes one’s own password, with the present one', async () => {
  const { user, called } = open({
    'account.password': () => ({ data: { ended_api_keys: [{ id: 'key_1', name: 'backup' }] } }),
  })
  await user.type(screen.getByLabelText('Present password'), 'a quiet harbour')
  await user.type(screen.getByLabelText('New password'), 'another quiet harbour{Enter}')
  expect(await screen.findByText(/Your password is changed/)).toBeTruthy()
  expect(called('account.password')).toEqual([
    { current_password: 'a quiet harbour', password: 'another quiet harbour', end_api_keys: true },
  ])
  expect(screen.getByText(/This API key has ended: backup/)).toBeTruthy()
  expect(screen.getByLabelText('Present password')).toHaveProperty('value', '')
})

test('keeps one’s API keys when that is asked for', async () => {
  const { user, called } = open({ 'account.password': () => ({ data: { ended_api_keys: [] } }) })
  await user.type(screen.getByLabelText('Present password'), 'x')
  await user.type(screen.getByLabelText('New password'), 'y')
  await user.click(screen.getByRole('checkbox', { name: 'End the API keys that I made' }))
  await user.click(screen.getByRole('button', { name: 'Change password' }))
  expect(await screen.findByText('Your password is changed. Your other sessions have ended.')).toBeTruthy()
  expect(called('account.password')).toEqual([{ current_password: 'x', password: 'y', end_api_keys: false }])
})

test.each([
  ['en', 'Present password', 'New password', 'current_password', /not your present password/],
  ['en', 'Present password', 'New password', 'password', /Choose another password/],
  ['ja', '現在のパスワード', '新しいパスワード', 'current_password', /現在のパスワードが正しくありません/],
] as const)('says in %s what is wrong at the box it is wrong in', async (locale, current, next, field, words) => {
  const fail = () => Promise.reject(refusal('VALIDATION_ERROR', [{ field, reason: 'is wrong' }]))
  const { user } = open({ 'account.password': fail }, locale)
  await user.type(screen.getByLabelText(current), 'x')
  await user.type(screen.getByLabelText(next), 'y{Enter}')
  expect(await screen.findByText(words)).toBeTruthy()
  const wrong = screen.getByLabelText(field === 'password' ? next : current)
  expect(wrong.getAttribute('aria-invalid')).toBe('true')
  expect(document.activeElement).toBe(wrong)
})

test('says that the account is locked, and asks for what is missing before it calls', async () => {
  const { user, called } = open({ 'account.password': () => Promise.reject(refusal('RATE_LIMITED')) })
  await user.click(screen.getByRole('button', { name: 'Change password' }))
  expect(screen.getByText('Enter your present password.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Present password'))
  expect(called('account.password')).toEqual([])
  await user.type(screen.getByLabelText('Present password'), 'x')
  await user.type(screen.getByLabelText('New password'), 'y{Enter}')
  expect(await screen.findByText(/Wait 15 minutes/)).toBeTruthy()
})

test('changes one’s own name', async () => {
  const { user, called } = open({ 'account.update': () => ({ data: {} }) })
  const box = screen.getByLabelText('Your name')
  await user.clear(box)
  await user.type(box, ' Hana Sato {Enter}')
  await waitFor(() => expect(called('account.update')).toEqual([{ name: 'Hana Sato' }]))
  expect(await screen.findByText('Name saved')).toBeTruthy()
})
