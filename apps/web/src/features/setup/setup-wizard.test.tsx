import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { refusal, renderPage, type Handlers } from '#testing/fake-api.tsx'

import { SetupWizard } from './setup-wizard.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

async function fill(handlers: Handlers) {
  const page = renderPage(<SetupWizard token="secret" />, { handlers })
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  expect(screen.getByText('Enter your name.')).toBeTruthy()
  await user.type(screen.getByLabelText('Your name'), 'Hana')
  await user.type(screen.getByLabelText('Email'), 'hana@Example.com')
  await user.type(screen.getByLabelText('Password'), 'short')
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  expect(screen.getByText('Use at least 12 characters.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Password'))
  await user.type(screen.getByLabelText('Password'), ' horse battery{Enter}')
  expect(screen.getByLabelText<HTMLInputElement>('Domain').value).toBe('example.com')
  await user.keyboard('{Enter}')
  expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('hana')
  await user.click(screen.getByRole('button', { name: 'Create everything' }))
  return { ...page, user }
}

test('account, domain and mailbox are created together at the end, and the user is signed in', async () => {
  const { called } = await fill({ 'setup.complete': () => ({ data: {} }), 'auth.login': () => ({ data: {} }) })
  expect(await screen.findByText('Your mail server is ready')).toBeTruthy()
  expect(called('setup.complete')).toEqual([
    {
      token: 'secret',
      name: 'Hana',
      email: 'hana@Example.com',
      password: 'short horse battery',
      domain: 'example.com',
      mailbox: 'hana@example.com',
    },
  ])
  expect(called('auth.login')).toHaveLength(1)
  expect(screen.getByText(/MAIRUST_ADMIN_EMAIL=hana@Example.com/)).toBeTruthy()
})

test('a field that the server refuses is shown on its step', async () => {
  const { user } = await fill({
    'setup.complete': () =>
      Promise.reject(refusal('VALIDATION_ERROR', [{ field: 'password', reason: 'is known to be common' }])),
  })
  expect(await screen.findByText(/too easy to guess/)).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Password'))
  expect(screen.queryByText('is known to be common')).toBeNull()
  await user.type(screen.getByLabelText('Password'), '!')
  expect(screen.queryByText(/too easy to guess/)).toBeNull()
})

test('when everything is created but signing in fails, the wizard leads to the login page', async () => {
  await fill({ 'setup.complete': () => ({ data: {} }), 'auth.login': () => Promise.reject(refusal('UNAVAILABLE')) })
  expect(await screen.findByText('Your mail server is ready')).toBeTruthy()
  expect(screen.getByText(/signing in failed/)).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy()
})

test('a retry after a lost answer finds everything created, and signs in', async () => {
  const answers = [refusal('UNAVAILABLE'), refusal('CONFLICT')]
  const { user } = await fill({
    'setup.complete': () => Promise.reject(answers.shift() ?? refusal('CONFLICT')),
    'auth.login': () => ({ data: {} }),
  })
  expect(await screen.findByText(/The server is busy/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Create everything' }))
  expect(await screen.findByText('Your mail server is ready')).toBeTruthy()
})

test('a server that somebody else has set up leads to the login page', async () => {
  await fill({
    'setup.complete': () => Promise.reject(refusal('CONFLICT')),
    'auth.login': () => Promise.reject(refusal('UNAUTHORIZED')),
  })
  expect(await screen.findByText(/is already set up/)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/login')
})

test('an old link says so, and the user can go back', async () => {
  const { user } = await fill({ 'setup.complete': () => Promise.reject(refusal('FORBIDDEN')) })
  expect(await screen.findByText(/no longer valid/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Back' }))
  expect(screen.getByLabelText('Domain')).toBeTruthy()
})
