import { sessionOutcome, siteOfHosts } from '@mairust/mail-core/outbound'
import { smtpReply, type SmtpReply } from '@mairust/mail-core/smtp'
import type { AttemptReport, AttemptRequest } from './attempt-report.ts'
import type { EngineOptions } from './engine.ts'

type Ways = Pick<EngineOptions, 'makeAttempt' | 'wayTo' | 'stsOf'>

const HELLO = smtpReply(250, null, 'Test recipients')
const TAKEN = smtpReply(250, '2.1.5', 'Test recipient: taken')
/** What becomes of mail for a recipient, by the local part without its tag; mail for any other is taken. */
const REPLIES: ReadonlyMap<string, SmtpReply> = new Map([
  ['bounce', smtpReply(550, '5.1.1', 'Test recipient: no such mailbox')],
  ['defer', smtpReply(450, '4.2.1', 'Test recipient: the mailbox is busy, try again later')],
])

/**
 * Answers for the recipients of one reserved domain, whose outcomes are known in advance, in place of any server: programs can try how
 * they handle them. Nothing is looked up or connected to.
 * @param domain empty: there is none
 */
export function withTestRecipients(
  ways: Ways,
  { domain: domainOf, now }: { readonly domain: () => string; readonly now: () => number },
): Ways {
  const isTest = (domain: string): boolean => domain === domainOf().toLowerCase()
  return {
    wayTo: (domain, route, owner) =>
      isTest(domain)
        ? Promise.resolve({
            kind: 'way',
            destination: { site: siteOfHosts([domain]), addresses: [], port: 0, allowPrivate: false },
            notes: [],
          })
        : ways.wayTo(domain, route, owner),
    stsOf: (domain, owner) => (isTest(domain) ? Promise.resolve(null) : ways.stsOf(domain, owner)),
    makeAttempt: (request) => {
      const [host = ''] = request.destination.site.hosts
      const isOurs = request.destination.addresses.length === 0 && isTest(host)
      return isOurs ? Promise.resolve(reportOf(request, host, now())) : ways.makeAttempt(request)
    },
  }
}

function reportOf({ message, destination }: AttemptRequest, host: string, startedAt: number): AttemptReport {
  const replies = message.recipients.map(({ id, rescues, address }) => ({
    id,
    rescues,
    reply: REPLIES.get(address.localPart.toLowerCase().split('+')[0] ?? '') ?? TAKEN,
  }))
  const { recipients } = sessionOutcome({
    provider: destination.site.provider,
    family: 4,
    banner: HELLO,
    hello: HELLO,
    tls: null,
    auth: null,
    mail: HELLO,
    recipients: replies,
    data: smtpReply(354, null, 'Go ahead'),
    end: smtpReply(250, '2.0.0', 'Test recipient: delivered'),
    broken: null,
  })
  const by = {
    host,
    address: '',
    reused: false,
    startedAt,
    ms: 0,
    tls: null,
    handshakeFailed: false,
    // What one of them is answered says nothing about the others.
    signals: [],
    dsn: false,
    conversation: ['(a test recipient: no server was asked)'],
  }
  return { recipients: recipients.map((recipient) => ({ ...recipient, by })), tries: [by], exhausted: false }
}
