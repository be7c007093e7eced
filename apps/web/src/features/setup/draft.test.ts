import { expect, test } from 'vitest'

import { isDomain, mailboxAddress, problemsOf, refusalsOf, withGuesses, type SetupDraft } from './draft.ts'

const draft: SetupDraft = {
  name: 'Hana',
  email: 'hana@Example.com',
  password: 'correct horse',
  domain: '',
  mailbox: '',
}

test('each step checks its own fields', () => {
  expect(problemsOf('account', draft)).toEqual({})
  expect(problemsOf('account', { ...draft, name: ' ', email: 'hana', password: 'short' })).toEqual({
    name: 'required',
    email: 'email',
    password: 'passwordShort',
  })
  expect(problemsOf('domain', draft)).toEqual({ domain: 'required' })
  expect(problemsOf('domain', { ...draft, domain: 'localhost' })).toEqual({ domain: 'domain' })
  expect(problemsOf('mailbox', { ...draft, mailbox: 'a b' })).toEqual({ mailbox: 'localPart' })
})

test('the length of a password counts characters, not bytes', () => {
  expect(problemsOf('account', { ...draft, password: '🙂'.repeat(11) })).toEqual({ password: 'passwordShort' })
  expect(problemsOf('account', { ...draft, password: 'あ'.repeat(12) })).toEqual({})
})

test.each(['example.com', 'mail.example.co.jp', '例え.jp', 'xn--r8jz45g.jp'])('%s is a domain', (name) =>
  expect(isDomain(name)).toBe(true),
)
test.each(['', 'example', '.com', 'exa mple.com', '-a.com', `${'a'.repeat(64)}.com`, 'a@b.com', 'http://a.com'])(
  '%s is not a domain',
  (name) => expect(isDomain(name)).toBe(false),
)

test('guesses fill empty fields only', () => {
  const guessed = withGuesses(draft)
  expect(guessed).toMatchObject({ domain: 'example.com', mailbox: 'hana' })
  expect(withGuesses({ ...draft, domain: 'a.jp', mailbox: 'x' })).toMatchObject({ domain: 'a.jp', mailbox: 'x' })
  expect(mailboxAddress(guessed)).toBe('hana@example.com')
})

test('refused fields are ordered by step; fields that the wizard does not have are left out', () => {
  expect(refusalsOf({ mailbox: 'must lie in x', password: 'is common', token: 'x' })).toEqual([
    { step: 'account', field: 'password', problem: 'passwordWeak' },
    { step: 'mailbox', field: 'mailbox', problem: 'localPart' },
  ])
})
