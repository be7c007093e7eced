import { BOUNDS } from './bounds.ts'
import { diagnose, type Finding } from './diagnosis.ts'
import { type FieldGroup, fieldGroups, valueOf } from './fields.ts'
import { typedAddress } from './addresses.ts'
import type { ReturnedRecipient } from './types.ts'

const STATUS = /^\s{0,9}([245]\.\d{1,3}\.\d{1,3})/
const ACTION = /^(fail|delay|deliver|relay|expand)/i
const ACTIONS: Readonly<Record<string, ReturnedRecipient['action']>> = {
  fail: 'failed',
  delay: 'delayed',
  deliver: 'delivered',
  relay: 'relayed',
  expand: 'expanded',
}

/** A report of RFC 3464, read; null when it has no recipients. */
export function readReport(
  status: string,
  text: string,
): { recipients: readonly ReturnedRecipient[]; envelopeId: string | null } | null {
  const groups = fieldGroups(status)
  const isOfRecipient = (group: FieldGroup) => group.has('final-recipient') || group.has('original-recipient')
  const whole = groups.filter((group) => !isOfRecipient(group))
  const value = (name: string) => groups.map((group) => valueOf(group, name)).find((found) => found !== null) ?? null
  const reporter = hostOf(value('reporting-mta'))
  const context = text.slice(0, BOUNDS.reason)
  const recipients = groups
    .filter(isOfRecipient)
    .slice(0, BOUNDS.recipients)
    .flatMap((group, _, { length }) => recipientOf(group, reporter, length > 1 ? '' : context))
  const [first] = whole
  const envelopeId = (first === undefined ? null : valueOf(first, 'original-envelope-id'))?.slice(0, 100) ?? null
  return recipients.length === 0 ? null : { recipients, envelopeId }
}

function recipientOf(group: FieldGroup, reporter: string | null, context: string): ReturnedRecipient[] {
  const original = typedAddress(valueOf(group, 'original-recipient') ?? '')
  const address = typedAddress(valueOf(group, 'final-recipient') ?? '') ?? original
  if (address === null) return []
  const status = STATUS.exec(valueOf(group, 'status') ?? '')?.[1] ?? null
  const finding: Finding = {
    address,
    original: original === address ? null : original,
    action: actionOf(group, status),
    status,
    reason: (valueOf(group, 'diagnostic-code') ?? '').replace(/^[\w.-]{1,40} {0,9}; {0,9}/, ''),
    host: hostOf(valueOf(group, 'remote-mta')),
    reporter,
    context,
  }
  return [diagnose(finding)]
}

/** The action, or what the status says where it is missing. A temporary status without one may be either. */
function actionOf(group: FieldGroup, status: string | null): ReturnedRecipient['action'] {
  const named = ACTION.exec(valueOf(group, 'action') ?? '')?.[1]?.toLowerCase()
  if (named !== undefined) return ACTIONS[named] ?? 'failed'
  if (status?.startsWith('2') === true) return 'delivered'
  return group.has('will-retry-until') ? 'delayed' : 'failed'
}

/** `dns; mx.example.net` (RFC 3464 §2.1.2), also with an address behind it, or alone. */
function hostOf(value: string | null): string | null {
  const name = value === null ? undefined : /^(?:[\w-]{1,20} {0,9}; {0,9})?([\w.:[\]-]{1,255})/.exec(value)?.[1]
  return name?.toLowerCase() ?? null
}
