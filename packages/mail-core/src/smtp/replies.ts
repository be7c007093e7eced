import type { SmtpReply } from './reply.ts'
import { smtpReply as reply } from './reply.ts'

/**
 * Every reply of MaiRust, by name. Codes are part of the public contract; RFC 3463 and RFC 5248 define the enhanced ones. A reply
 * that ends a transaction is sent through `withJourney`.
 */
export const replies = {
  ok: reply(250, '2.0.0', 'Ok'),
  accepted: reply(250, '2.0.0', 'Accepted'),
  senderOk: reply(250, '2.1.0', 'Ok'),
  recipientOk: reply(250, '2.1.5', 'Ok'),

  // Recipients
  unknownRecipient: reply(550, '5.1.1', 'No such mailbox here'),
  foreignDomain: reply(550, '5.7.1', 'We do not take mail for this domain'),
  notSetUp: reply(451, '4.3.5', 'This server is not set up yet; try again later'),
  pendingDomain: reply(550, '5.7.1', 'This domain is not active here yet'),
  suspendedDomain: reply(550, '5.7.1', 'This domain is suspended'),
  relayDenied: reply(550, '5.7.1', 'Relaying is not allowed'),
  externalRecipient: reply(550, '5.7.1', 'The address forwards to another server; forwarding is not available'),
  mailboxSuspended: reply(550, '5.2.1', 'This mailbox does not take mail'),
  sendingLimit: reply(451, '4.7.1', 'You have sent to as many recipients as you may for now; try again later'),
  mailboxFull: reply(452, '4.2.2', 'The mailbox is full; try again later'),
  exceedsQuota: reply(552, '5.2.2', "The message is larger than the mailbox's quota"),
  aliasLoop: reply(550, '5.4.6', 'The address forwards to itself'),
  aliasTooLarge: reply(550, '5.4.6', 'The address forwards through too many others'),
  tooManyRecipients: reply(452, '4.5.3', 'Too many recipients; send the rest in another transaction'),
  badRecipient: reply(501, '5.1.3', 'The recipient address is malformed'),
  badSender: reply(501, '5.1.7', 'The sender address is malformed'),
  utf8Needed: reply(553, '5.6.7', 'A non-ASCII address needs the SMTPUTF8 parameter'), // RFC 6531 §3.5

  // Parameters (RFC 5321 §4.1.1.11)
  badParameter: reply(501, '5.5.4', 'A parameter is malformed or given twice'),
  unknownParameter: reply(555, '5.5.4', 'A parameter is not recognised'),
  badSequence: reply(503, '5.5.1', 'Bad sequence of commands'),

  // Commands
  badHello: reply(501, '5.5.4', 'Say EHLO or HELO and your host name'),
  bareCommand: reply(500, '5.5.2', 'Commands end in CRLF and hold no other control characters'),
  commandTooLong: reply(500, '5.5.2', 'The line is too long'),
  syncLost: reply(554, '5.5.0', 'Wait for the answer to DATA before sending the message'), // RFC 2920 §3.1
  noVerify: reply(502, '5.5.1', 'VRFY is not available'),
  help: reply(214, '2.0.0', 'This is MaiRust; RFC 5321 says how to talk to it'),

  // Content
  tooLarge: reply(552, '5.3.4', 'The message is larger than this server accepts'),
  bareCharacter: reply(550, '5.6.11', 'The message contains a bare CR, bare LF or NUL'),
  lineTooLong: reply(550, '5.6.0', 'The message contains a line that is too long'),
  multipleFrom: reply(550, '5.6.0', 'The message needs exactly one From field'),
  badHeader: reply(550, '5.6.0', 'A header field is missing or repeated'),
  malformedHeader: reply(
    550,
    '5.6.0',
    'A header line is not a field; a field is a name of printable ASCII, a colon and text',
  ),
  malformedAddress: reply(
    550,
    '5.6.0',
    'An address field is malformed; write user@example.com or Name <user@example.com>',
  ),
  forgedResults: reply(550, '5.7.1', "The message has Authentication-Results in this server's name"),
  dmarcReject: reply(550, '5.7.1', "The sender domain's DMARC policy rejects this message"),
  // RFC 3463 §3.5: a directory, which DNS is, failed.
  dmarcUnknown: reply(451, '4.4.3', "The sender domain's DMARC policy cannot be looked up for now; try again later"),
  tooManyHops: reply(554, '5.4.6', 'Too many Received fields; the message is in a loop'),
  ownReceived: reply(554, '5.4.6', 'This server has received the message before; it is in a loop'),

  // Limits and trouble
  tooManyConnections: reply(421, '4.7.0', 'Too many connections; try again later'),
  tooManyUnknown: reply(421, '4.7.0', 'Too many unknown recipients'),
  tooManyErrors: reply(421, '4.7.0', 'Too many errors'),
  tooSlow: reply(421, '4.7.0', 'The time limit is over'),
  shuttingDown: reply(421, '4.3.2', 'The server is shutting down; try again later'),
  unexpected: reply(451, '4.3.0', 'Something went wrong here; try again later'),
  noSpace: reply(452, '4.3.1', 'No space left; try again later'),

  // Submission
  authenticated: reply(235, '2.7.0', 'Authentication succeeded'),
  wrongPassword: reply(535, '5.7.8', 'The user name or password is wrong'),
  locked: reply(454, '4.7.0', 'Too many wrong passwords; try again later'),
  authBusy: reply(454, '4.7.0', 'Authentication is busy; try again later'),
  tlsForAuth: reply(538, '5.7.11', 'Authentication needs TLS'),
  notBase64: reply(501, '5.5.2', 'The answer is not base64'),
  loginEnded: reply(421, '4.7.0', 'Your login has ended; connect and log in again'),
  authRequired: reply(530, '5.7.0', 'Authentication is required'),
  tlsRequired: reply(530, '5.7.0', 'STARTTLS is required'),
  otherIdentity: reply(535, '5.7.8', 'You can act as yourself only; leave the authorization identity empty'),
  fromNotOwned: reply(550, '5.7.1', 'This sender address is not yours'),
} as const satisfies Record<string, SmtpReply>

/** Name of a reply in `replies`. */
export type ReplyName = keyof typeof replies
