import { LIMITS } from '@mairust/api/contract'

/** What the wizard asks for, step by step. */
export type SetupDraft = { name: string; email: string; password: string; domain: string; mailbox: string }
export type SetupField = keyof SetupDraft

export const SETUP_STEPS = ['account', 'domain', 'mailbox'] as const
export type SetupStep = (typeof SETUP_STEPS)[number]

const FIELDS: Record<SetupStep, readonly SetupField[]> = {
  account: ['name', 'email', 'password'],
  domain: ['domain'],
  mailbox: ['mailbox'],
}

/** What can be wrong with a field: the keys of the error messages. */
export type SetupProblem = 'required' | 'name' | 'email' | 'passwordShort' | 'passwordWeak' | 'domain' | 'localPart'

/** The problem to show for a field that passed the checks here and that the server refuses. */
const REFUSED: Record<SetupField, Exclude<SetupProblem, 'required'>> = {
  name: 'name',
  email: 'email',
  password: 'passwordWeak',
  domain: 'domain',
  mailbox: 'localPart',
}

const EMAIL = /^[^\s@<>"(),:;[\]\\]+@([^\s@]+)$/u
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u
const LOCAL_PART = /^[^\s@<>"(),:;[\]\\]+$/u

/** Whether a text looks like a domain name of two or more labels. The server makes the final check. */
export function isDomain(text: string): boolean {
  const labels = text.split('.')
  return text.length <= 253 && labels.length >= 2 && labels.every((label) => DOMAIN_LABEL.test(label))
}

function problemOf(field: SetupField, value: string): SetupProblem | undefined {
  const text = field === 'password' ? value : value.trim()
  if (text === '') return 'required'
  switch (field) {
    case 'email':
      return isDomain(EMAIL.exec(text)?.[1] ?? '') ? undefined : 'email'
    case 'password':
      return Array.from(text).length >= LIMITS.password.min ? undefined : 'passwordShort'
    case 'domain':
      return isDomain(text) ? undefined : 'domain'
    case 'mailbox':
      return LOCAL_PART.test(text) ? undefined : 'localPart'
    case 'name':
      return undefined
  }
}

/** The problems with the fields of one step; empty if there are none. */
export function problemsOf(step: SetupStep, draft: SetupDraft): Partial<Record<SetupField, SetupProblem>> {
  const found = FIELDS[step].flatMap((field) => {
    const problem = problemOf(field, draft[field])
    return problem === undefined ? [] : [[field, problem] as const]
  })
  return Object.fromEntries(found)
}

/** The problems with the fields that the server refused, in the order of the steps. */
export function refusalsOf(refused: Readonly<Record<string, unknown>>) {
  return SETUP_STEPS.flatMap((step) =>
    FIELDS[step].flatMap((field) => (field in refused ? [{ step, field, problem: REFUSED[field] }] : [])),
  )
}

/** Fills empty fields with guesses from the email address. */
export function withGuesses(draft: SetupDraft): SetupDraft {
  const [local = '', host = ''] = draft.email.trim().split('@')
  return {
    ...draft,
    domain: draft.domain === '' ? host.toLowerCase() : draft.domain,
    mailbox: draft.mailbox === '' ? local : draft.mailbox,
  }
}

/** The full address of the first mailbox. */
export function mailboxAddress({ mailbox, domain }: SetupDraft): string {
  return `${mailbox.trim()}@${domain.trim().toLowerCase()}`
}
