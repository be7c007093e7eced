import { failures } from '@mairust/mail-core/outbound'
import type { SmtpReply } from '@mairust/mail-core/smtp'
import { Broken, type Channel } from './channel.ts'
import type { ServerOffers } from './offers.ts'

/** The login at a smart host. */
export interface Login {
  readonly username: string
  readonly password: string
  /** Whether the password may go where the host's name is not proven (O26). */
  readonly allowUnverified: boolean
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')

/**
 * Logs in with PLAIN (RFC 4616) or LOGIN, and gives the last reply. The transcript shows no word of it.
 * @throws Broken
 */
export async function logIn(channel: Channel, offers: ServerOffers, login: Login, ms: number): Promise<SmtpReply> {
  const { username, password } = login
  const say = async (command: string, shown: string): Promise<SmtpReply> => {
    channel.send([command], [shown])
    return (await channel.reply(ms)).reply
  }
  // RFC 4616 §2: the fields are separated by NUL.
  if (offers.auth.has('PLAIN')) return say(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, 'AUTH PLAIN ***')
  if (!offers.auth.has('LOGIN')) throw new Broken(failures.noLogin)
  const first = await say('AUTH LOGIN', 'AUTH LOGIN')
  if (first.code !== 334) return first
  const second = await say(base64(username), '***')
  return second.code === 334 ? say(base64(password), '***') : second
}
