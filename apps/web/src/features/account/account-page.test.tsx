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

test('changes the password, given the current one', async () => {
  const { user, called } = open({
    'account.password': () => ({ data: { ended_api_keys: [{ id: 'key_1', name: 'backup' }] } }),
  })
  await user.type(screen.getByLabelText('Current password'), 'a quiet harbour')
  await user.type(screen.getByLabelText('New password'), 'another quiet harbour{Enter}')
  expect(await screen.findByText(/Your password has been changed/)).toBeTruthy()
  expect(called('account.password')).toEqual([
    { current_password: 'a quiet harbour', password: 'another quiet harbour', end_api_keys: true },
  ])
  expect(screen.getByText(/This API key has been revoked: backup/)).toBeTruthy()
  expect(screen.getByLabelText('Current password')).toHaveProperty('value', '')
})

test('keeps the API keys on request', async () => {
  const { user, called } = open({ 'account.password': () => ({ data: { ended_api_keys: [] } }) })
  await user.type(screen.getByLabelText('Current password'), 'x')
  await user.type(screen.getByLabelText('New password'), 'y')
  await user.click(screen.getByRole('checkbox', { name: 'Revoke the API keys that I created' }))
  await user.click(screen.getByRole('button', { name: 'Change password' }))
  expect(await screen.findByText('Your password has been changed. Your other sessions have ended.')).toBeTruthy()
  expect(called('account.password')).toEqual([{ current_password: 'x', password: 'y', end_api_keys: false }])
})

test.each([
  ['en', 'Current password', 'New password', 'current_password', /not your current password/],
  ['en', 'Current password', 'New password', 'password', /Choose another password/],
  ['ja', '現在のパスワード', '新しいパスワード', 'current_password', /現在のパスワードが正しくありません/],
] as const)('says in %s what is wrong, at the field that is wrong', async (locale, current, next, field, words) => {
  const fail = () => Promise.reject(refusal('VALIDATION_ERROR', [{ field, reason: 'is wrong' }]))
  const { user } = open({ 'account.password': fail }, locale)
  await user.type(screen.getByLabelText(current), 'x')
  await user.type(screen.getByLabelText(next), 'y{Enter}')
  expect(await screen.findByText(words)).toBeTruthy()
  const wrong = screen.getByLabelText(field === 'password' ? next : current)
  expect(wrong.getAttribute('aria-invalid')).toBe('true')
  expect(document.activeElement).toBe(wrong)
})

test('asks for missing fields before it calls the API, and says that the account is locked', async () => {
  const { user, called } = open({ 'account.password': () => Promise.reject(refusal('RATE_LIMITED')) })
  await user.click(screen.getByRole('button', { name: 'Change password' }))
  expect(screen.getByText('Enter your current password.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Current password'))
  expect(called('account.password')).toEqual([])
  await user.type(screen.getByLabelText('Current password'), 'x')
  await user.type(screen.getByLabelText('New password'), 'y{Enter}')
  expect(await screen.findByText(/Wait 15 minutes/)).toBeTruthy()
})

test('changes the name', async () => {
  const { user, called } = open({ 'account.update': () => ({ data: {} }) })
  const box = screen.getByLabelText('Your name')
  await user.clear(box)
  await user.type(box, ' Hana Sato {Enter}')
  await waitFor(() => expect(called('account.update')).toEqual([{ name: 'Hana Sato' }]))
  expect(await screen.findByText('Name saved')).toBeTruthy()
})
