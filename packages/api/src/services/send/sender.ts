import { findApiKey } from '@mairust/db/queries/api-key'
import { databaseDirectory } from '@mairust/db/queries/directory'
import { findMailboxByAddress, findMailboxIds } from '@mairust/db/queries/mailbox'
import { findUser, type UserRow } from '@mairust/db/queries/user'
import { type Address, addressKey, splitSubAddress } from '@mairust/mail-core/address'
import { maySendAs } from '@mairust/mail-core/inbound'
import { canSeeDomain, canSeeMailbox, isNarrowed } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, orNotFound } from '../../errors.ts'

/** Who sends a message. */
export interface Sender {
  readonly user: Pick<UserRow, 'id' | 'tenantId' | 'email'>
  /** The mailbox whose Sent gets the copy. */
  readonly mailboxId: string
}

/**
 * Finds out who sends as an address, and that they own it and every author that the message names: as over SMTP, by their mailboxes and
 * the aliases that grant it. A narrowed key sends from the addresses of its mailboxes and domains alone.
 * @throws AppError FORBIDDEN
 */
export const requireSender = async (
  ctx: ServiceContext,
  from: Address,
  authors: readonly Address[],
): Promise<Sender> => {
  const scope = scopeOf(ctx)
  const direct = await findMailboxByAddress(ctx.db, scope, addressKey(splitSubAddress(from).base))
  // The command line acts for whoever has the mailbox.
  const userId = ctx.actor.userId ?? direct?.userId
  if (userId === undefined || userId === null) throw notYours()
  const own = await findMailboxIds(ctx.db, scope, { userId })
  const mailboxIds = own.filter((id) => canSeeMailbox(ctx, 'message:send', id))
  const may = await permitted(ctx, mailboxIds)
  for (const address of [from, ...authors]) if (!(await may(address))) throw notYours()
  return {
    user: orNotFound(await findUser(ctx.db, scope, userId), 'user'),
    mailboxId: direct !== null && mailboxIds.includes(direct.id) ? direct.id : await behind(ctx, from, mailboxIds),
  }
}

const notYours = (): AppError =>
  new AppError('FORBIDDEN', 'You may not send from this address.', {
    details: [{ field: 'from', reason: 'is not an address that you may send from' }],
  })

const permitted = async (
  ctx: ServiceContext,
  mailboxIds: readonly string[],
): Promise<(address: Address) => Promise<boolean>> => {
  const scope = scopeOf(ctx)
  const directory = databaseDirectory(ctx.db)
  const isOwned = (address: Address): Promise<boolean> =>
    maySendAs({ tenantId: scope.tenantId, mailboxIds, address }, directory)
  const { kind, id } = ctx.actor
  const key = kind === 'api_key' && id !== null ? await findApiKey(ctx.db, scope, id) : null
  const given = key?.scopes.filter(({ scope: name }) => name === 'send') ?? []
  if (given.length === 0 || !given.every(isNarrowed)) return isOwned
  return async (address) => {
    if (!(await isOwned(address))) return false
    const mailbox = await findMailboxByAddress(ctx.db, scope, addressKey(splitSubAddress(address).base))
    if (mailbox !== null) return mailboxIds.includes(mailbox.id)
    // An alias: of a domain that the key is for.
    const domain = await directory.domain(address.domain)
    const named = given.flatMap(({ domains = [] }) => domains)
    return (
      domain !== null &&
      (named.includes(domain.name) || named.includes(domain.id) || canSeeDomain(ctx, 'message:send', domain.id))
    )
  }
}

/** The mailbox that an alias belongs to. */
const behind = async (ctx: ServiceContext, address: Address, mailboxIds: readonly string[]): Promise<string> => {
  const directory = databaseDirectory(ctx.db)
  for (const id of mailboxIds) {
    if (await maySendAs({ tenantId: ctx.actor.tenantId, mailboxIds: [id], address }, directory)) return id
  }
  throw notYours()
}
