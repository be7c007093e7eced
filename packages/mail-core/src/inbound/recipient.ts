import type { ForwardPath } from '../address/index.ts'
import type { Directory } from './directory.ts'
import { ownerRolesBehind } from './reached.ts'
import { closedDomain, mailboxProblem, refuse } from './refusal.ts'
import { Resolution } from './resolution.ts'
import type { RecipientDecision, RecipientRefusal } from './types.ts'

/** A recipient to resolve. `size` is the SIZE announced in MAIL, or null. */
export interface RecipientQuestion {
  readonly path: ForwardPath
  readonly size: number | null
}

/**
 * Decides where mail for one RCPT goes: a mailbox, the mailboxes of an alias (nested, each once), `user+tag`, the domain's
 * catch-all, a domain alias, the administrator's mailbox for postmaster@ and abuse@; or why it is refused. An address literal, or a
 * local part that names a second domain (`%`, `!`, a quoted `@`), is refused before any lookup.
 * Rejects only when the directory does.
 */
export async function resolveRecipient(question: RecipientQuestion, directory: Directory): Promise<RecipientDecision> {
  if (question.path === 'postmaster') return resolvePostmaster(question.path, question.size, directory)
  const { path } = question
  if (path.literal) return refuse('address_literal', null)
  if (/[%!@]/.test(path.localPart)) return refuse('relay_syntax', null)
  const domain = await directory.domain(path.domain)
  if (domain === null) return refuse(await orNotSetUp('foreign_domain', directory), null)
  const { tenantId } = domain
  const closed = closedDomain(domain)
  if (closed !== null) return refuse(closed, tenantId, await ownerRolesBehind(path, tenantId, directory))
  const resolution = new Resolution(tenantId, question.size, directory)
  const decision = await resolution.run(path)
  if (decision.kind === 'accept' || !resolution.isCut) return decision
  return { ...decision, ownerRoles: await ownerRolesBehind(path, tenantId, directory) }
}

async function resolvePostmaster(
  path: 'postmaster',
  size: number | null,
  directory: Directory,
): Promise<RecipientDecision> {
  const tenantId = await directory.defaultTenant()
  const mailbox = tenantId === null ? null : await directory.postmaster(tenantId)
  if (tenantId === null) return refuse(await orNotSetUp('unknown', directory), null)
  if (mailbox === null) return refuse('unknown', tenantId)
  const problem = mailboxProblem(mailbox, size)
  const ownerRoles = mailbox.ownerRole === null ? [] : [mailbox.ownerRole]
  if (problem !== null) return refuse(problem, tenantId, ownerRoles)
  return {
    kind: 'accept',
    tenantId,
    deliveries: [{ mailbox, via: [], tag: null }],
    external: [],
    skipped: [],
    meant: path,
    ownerRoles,
  }
}

/**
 * A server without any domain is not set up yet, or not any more: its volume may not be mounted, or its settings name another
 * database. Mail that it refused for good would be lost.
 */
async function orNotSetUp(reason: RecipientRefusal, directory: Directory): Promise<RecipientRefusal> {
  return (await directory.hasDomains()) ? reason : 'not_set_up'
}
