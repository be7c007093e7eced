import { smtpReply } from '../../smtp/index.ts'
import { failures } from '../failure.ts'
import { type SessionFacts, sessionOutcome } from './index.ts'

export const reply = (text: string) => {
  const [code = '', enhanced = '', ...rest] = text.split(' ')
  const own = /^\d\.\d+\.\d+$/.test(enhanced)
  return smtpReply(Number(code), own ? enhanced : null, (own ? rest : [enhanced, ...rest]).join(' '))
}
export type Step = 'banner' | 'hello' | 'tls' | 'auth' | 'mail' | 'data' | 'end'
export type Texts = Partial<Record<Step, string>>

/** A session in which all went well as far as `recipients`, with these replies. */
export const session = (
  recipients: (string | null)[],
  texts: Texts = {},
  rest: Partial<SessionFacts> = {},
): SessionFacts => {
  const of = (text: string | undefined) => (text === undefined ? null : reply(text))
  return {
    provider: null,
    family: 4,
    banner: of(texts.banner ?? '220 ready'),
    hello: of(texts.hello ?? '250 ok'),
    tls: of(texts.tls),
    auth: of(texts.auth),
    mail: of(texts.mail ?? '250 ok'),
    recipients: recipients.map((text, index) => ({
      id: `r${index}`,
      reply: text === null ? null : reply(text),
      rescues: 0,
    })),
    data: of(texts.data),
    end: of(texts.end),
    broken: null,
    ...rest,
  }
}
export const outcome = (...args: Parameters<typeof session>) => sessionOutcome(session(...args))
export const kinds = (...args: Parameters<typeof session>) =>
  outcome(...args).recipients.map(({ result }) => result.kind)
export const first = (...args: Parameters<typeof session>) => outcome(...args).recipients[0]?.result
export const signals = (...args: Parameters<typeof session>) => outcome(...args).signals.map(({ kind }) => kind)
export const SENT: Texts = { data: '354 go on', end: '250 2.0.0 queued' }
export const lost = { failure: failures.connectionLost }
