import type { SignInWire, UserWire } from '@mairust/api/services'
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedUser } from './named.ts'

type Shown = UserWire & { sign_in: SignInWire }

function lockText({ remote_address: address, until }: SignInWire['locks'][number]): string {
  return `locked for ${address ?? 'every address'} until ${until}; admin reset-password unlocks`
}

function asText({
  email,
  role,
  name,
  suspended,
  sign_in: { locks, sessions, last_login_at: last, recent },
}: Shown): string {
  return [
    `${email}  ${role}  ${suspended ? 'suspended: cannot sign in' : 'active'}  ${name}`.trimEnd(),
    ...locks.map(lockText),
    `last sign-in: ${last ?? 'unknown'}; sessions: ${String(sessions)}`,
    ...recent.map((entry) =>
      `  ${entry.at}  ${entry.action}  ${entry.remote_address}  ${entry.via ?? ''}  ${entry.reason ?? ''}`.trimEnd(),
    ),
  ].join('\n')
}

async function show(io: Io, email: string, format: Format): Promise<void> {
  const { getSignIn } = await import('@mairust/api/services')
  const shown = await withServices(io, async (ctx): Promise<Shown> => {
    const user = await namedUser(ctx, email)
    return { ...user, sign_in: await getSignIn(ctx, { id: user.id }) }
  })
  printOne(io, format, shown, asText)
}

/** `user show EMAIL`: a user, and why they cannot sign in. */
export function addUserShow(user: Command, io: Io): void {
  resultCommand(user, 'show <email>', 'show a user: suspension, lockouts, latest logins and failures').action(
    (email: string, format: Format) => show(io, email, format),
  )
}
