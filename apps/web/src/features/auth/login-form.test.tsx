import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { refusal, renderPage, type Handlers } from '#testing/fake-api.tsx'

import { AuthFrame } from './auth-frame.tsx'
import { LoginForm } from './login-form.tsx'

vi.mock('next/navigation', () => import('#testing/navigation.ts'))

const assign = vi.fn()
afterEach(() => assign.mockReset())

function open(handlers: Handlers) {
  vi.stubGlobal('location', { pathname: '/login', search: '', assign })
  const page = renderPage(
    <AuthFrame>
      <LoginForm next="/mail/a" />
    </AuthFrame>,
    { handlers },
  )
  return { ...page, user: userEvent.setup() }
}

test('signs in and opens the next page', async () => {
  const { user, called } = open({ 'auth.login': () => ({ data: {} }) })
  await user.type(screen.getByLabelText('Email'), ' hana@example.com ')
  await user.type(screen.getByLabelText('Password'), 'correct horse{Enter}')
  await waitFor(() => expect(assign).toHaveBeenCalledWith('/mail/a'))
  expect(called('auth.login')).toEqual([{ email: 'hana@example.com', password: 'correct horse' }])
})

test.each([
  ['UNAUTHORIZED', /is incorrect/],
  ['RATE_LIMITED', /Wait 15 minutes/],
  ['UNAVAILABLE', /The server is busy/],
])('%s has a message of its own', async (code, words) => {
  const { user } = open({ 'auth.login': () => Promise.reject(refusal(code)) })
  await user.type(screen.getByLabelText('Email'), 'hana@example.com')
  await user.type(screen.getByLabelText('Password'), 'wrong{Enter}')
  expect(await screen.findByText(words)).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Password'))
  expect(assign).not.toHaveBeenCalled()
})

test('what the browser filled in before hydration is sent', async () => {
  const { user, called } = open({ 'auth.login': () => ({ data: {} }) })
  const fill = (label: string, value: string) => {
    const box = screen.getByLabelText(label)
    if (box instanceof HTMLInputElement) box.value = value
  }
  fill('Email', 'hana@example.com')
  fill('Password', 'correct horse')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(called('auth.login')).toEqual([{ email: 'hana@example.com', password: 'correct horse' }]))
})

test('asks for missing fields', async () => {
  const { user, calls } = open({})
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(screen.getByText('Enter your email address.')).toBeTruthy()
  expect(screen.getByText('Enter your password.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByLabelText('Email'))
  await user.type(screen.getByLabelText('Email'), 'h')
  expect(screen.queryByText('Enter your email address.')).toBeNull()
  expect(calls).toEqual([])
})

test('the password can be shown', async () => {
  const { user } = open({})
  await user.click(screen.getByRole('button', { name: 'Show password' }))
  expect(screen.getByLabelText('Password').getAttribute('type')).toBe('text')
})

test('theme and language can be chosen before signing in', async () => {
  const { user } = open({})
  await user.click(screen.getByRole('button', { name: 'Theme' }))
  await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }))
  expect(document.documentElement.dataset['theme']).toBe('dark')
  await user.click(screen.getByRole('button', { name: 'Language' }))
  await user.click(await screen.findByRole('menuitemradio', { name: '日本語' }))
  expect(document.cookie).toContain('mairust_locale=ja')
})
