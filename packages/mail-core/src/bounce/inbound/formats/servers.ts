import type { BounceFormat } from './format.ts'

/** Mail servers of their own make, older ones or set to write reports of their own. */
export const SERVER_FORMATS: readonly BounceFormat[] = [
  {
    name: 'qmail',
    text: [
      'this is the qmail-',
      "i'm afraid i wasn't able to deliver",
      'i.m sorry to have to inform you & qmail',
      'qmail-send program',
    ],
    begin: ['this is the qmail-', "i'm afraid i wasn't able", 'following addresses'],
    end: ['--- below this line', '--- enclosed', '--- undelivered message'],
    delayed: ["i'm still trying", 'i am still trying'],
  },
  {
    name: 'postfix',
    text: [
      'this is the mail system at host & could not be delivered',
      'this is the postfix program',
      'this is the mail system at host',
    ],
    begin: ['the mail system', 'the postfix program'],
    delayed: ['warning only', 'be attempted until', 'has not been delivered'],
  },
  {
    name: 'exim',
    text: [
      'message was created automatically by mail delivery software',
      'message that you sent could not be delivered to',
      'message could not be delivered to one or more of its recipients',
    ],
    begin: ['following address(es) failed', 'failed:', 'not yet been delivered are', 'could not be delivered to'],
    end: ['------ this is a copy', 'return-path:'],
    delayed: ['has not yet been delivered', 'no action is required on your part'],
  },
  {
    name: 'sendmail',
    text: [
      'had permanent fatal errors',
      'had transient non-fatal errors',
      'transcript of session follows',
      'had delivery problems',
      'could not send message for past',
    ],
    begin: [
      'had permanent fatal errors',
      'had transient non-fatal errors',
      'had delivery problems',
      'transcript of session',
    ],
    end: [
      '   ----- unsent',
      '   ----- original message',
      '----- unsent',
      '----- message header',
      '   ----- message header',
    ],
    delayed: ['warning message only', 'had transient non-fatal errors', 'could not send message for past'],
  },
  {
    name: 'courier',
    text: [
      'this is a delivery status notification from & courier',
      'delivery status notification from',
      'courier mail server',
    ],
    begin: ['return receipt', 'unable to deliver', 'following addresses', 'undelivered'],
    end: ['if your message was also sent to additional'],
    delayed: ['has been delayed'],
  },
  {
    name: 'opensmtpd',
    text: ['mailer-daemon at & could not be delivered', 'this is the mailer-daemon', 'opensmtpd'],
    begin: ['following recipients', 'recipient list', 'error and then the list', 'following temporary'],
    end: ['    below is a copy', 'below is a copy'],
    delayed: ['following temporary failures', 'temporary failures for over'],
  },
  {
    name: 'james',
    from: ['james', 'postmaster'],
    text: ['hi\\. this is the james mail server'],
    begin: ['following addresses'],
    end: ['the original message is attached'],
  },
  {
    name: 'mdaemon',
    text: ['the following data may contain sections which represent', 'session transcript follows', 'mdaemon'],
    begin: ['failed address', 'undeliverable', 'following', 'delivery status'],
    end: [': message contains', '--- session', 'session transcript'],
    delayed: ['will continue to try'],
  },
  {
    name: 'mercury',
    text: ['addresses in your message have failed with the following', 'mercury/'],
    begin: ['following responses', 'following error'],
    end: ['the message you sent follows', 'the offending message'],
  },
  {
    name: 'imail',
    from: ['postmaster', 'mail delivery service', 'imail', 'smtp32'],
    text: [
      'undeliverable to ',
      'unknown user: ',
      'unknown host: ',
      'user mailbox exceeds allowed size: ',
      'delivery failed \\d+ attempts',
    ],
    end: ['original message follows'],
  },
  {
    name: 'oracle',
    text: [
      'cannot be delivered to the following recipients',
      'being returned; it has been enqueued and undeliverable',
      'sun java system',
      'iplanet',
    ],
    begin: ['following recipients', 'undeliverable'],
    delayed: ['has been enqueued and undeliverable for & will continue', 'continue to attempt'],
  },
  {
    name: 'xmail',
    text: ['\\[<0[0-9a-f]>\\]', 'xmail bounce'],
    end: ['[<04>]', '[<05>]'],
  },
  {
    name: 'communigate',
    text: ['failed to deliver to', 'communigate'],
    begin: ['failed to deliver'],
  },
  {
    name: 'mailmarshal',
    text: ['mailmarshal', 'could not be delivered because & message: '],
    begin: ['to:', 'recipient', 'could not be delivered'],
  },
]
