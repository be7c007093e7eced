import type { ApiKeyWire } from '@mairust/api/services'
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printList } from '../output.ts'
import { allPages } from '../pages.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { userEmails } from './user-emails.ts'

/** A scope as one word, with its restrictions in brackets. */
function scopeText(scope: ApiKeyWire['scopes'][number]): string {
  if (typeof scope === 'string') return scope
  return `${scope.scope}[${[...(scope.domains ?? []), ...(scope.mailboxes ?? [])].join(' ')}]`
}

function statusText({ status, status_reason: reason }: ApiKeyWire): string {
  if (reason === null || reason === 'expired') return reason ?? status
  return `${status}: ${reason.replaceAll('_', ' ')}`
}

function lastUse({ last_used_at: at, last_used_ip: ip }: ApiKeyWire): string {
  return at === null ? 'never' : `${at}${ip === null ? '' : ` from ${ip}`}`
}

async function list(io: Io, format: Format): Promise<void> {
  const { listApiKeys } = await import('@mairust/api/services')
  const { keys, email } = await withServices(io, async (ctx) => ({
    keys: await allPages(listApiKeys, ctx, {}),
    email: await userEmails(ctx),
  }))
  printList(io, format, keys, {
    ID: (k) => k.id,
    NAME: (k) => k.name,
    USER: (k) => email(k.user_id),
    SCOPES: (k) => k.scopes.map(scopeText).join(','),
    STATUS: statusText,
    EXPIRES: (k) => k.expires_at ?? 'never',
    'LAST USED': lastUse,
    'CREATED BY': (k) => (k.created_by === null ? 'command line' : email(k.created_by)),
  })
}

/** `api-key list`: every key with its user, scopes and status. */
export function addApiKeyList(apiKey: Command, io: Io): void {
  resultCommand(apiKey, 'list', 'list the keys with their users, scopes and status').action((format: Format) =>
    list(io, format),
  )
}
