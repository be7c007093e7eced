import type { BounceClass, Explanation } from './classes.ts'

/** The bounce table's explanations in English. */
export const EXPLAIN_EN: Readonly<Record<BounceClass, Explanation>> = {
  recipient_unknown: {
    happened: 'The address does not exist at the other mail system.',
    todo: 'Check the spelling of the address. If it is right, ask the recipient in another way for their present address.',
  },
  recipient_disabled: {
    happened: 'The mailbox exists, but is switched off and takes no mail.',
    todo: 'Reach the recipient in another way and ask for an address that they use.',
  },
  recipient_moved: {
    happened: 'The recipient has left this address for another one.',
    todo: "Look for the new address in the other mail system's words below, or ask the recipient for it.",
  },
  mailbox_full: {
    happened: "The recipient's mailbox is full.",
    todo: 'Tell the recipient in another way that they need to make room, then send the message again.',
  },
  domain_invalid: {
    happened: 'The part of the address after the @ does not exist or takes no mail.',
    todo: 'Check the spelling of the address, above all the part after the @.',
  },
  no_answer: {
    happened: 'The other mail system could not be reached, or is out of order at the moment.',
    todo: 'Usually nothing: this ends by itself. If it lasts for days, tell the recipient in another way.',
  },
  dns_failure: {
    happened: 'We could not find out where mail for this address goes, because a name server gave no answer.',
    todo: 'Usually nothing: this ends by itself. If it lasts for days, tell the recipient in another way.',
  },
  tls_failure: {
    happened: 'The mail has to travel encrypted, and no secure connection to the other mail system could be made.',
    todo: 'Nothing you can change in the message. Tell the recipient, so that their administrator can look at it.',
  },
  rate_limited: {
    happened: 'The other mail system takes mail from us only slowly at the moment.',
    todo: 'Nothing: we send more slowly and try again. Avoid sending the same message to many people at once.',
  },
  greylisted: {
    happened: 'The other mail system asks senders that it does not know yet to come back a little later.',
    todo: 'Nothing: we try again in a few minutes, and later mail is not held up.',
  },
  reputation_ip: {
    happened: 'The other mail system does not accept mail from the network address of our server at the moment.',
    todo: 'Tell your mail administrator. The address and the message are not at fault.',
  },
  reputation_domain: {
    happened: 'The other mail system distrusts your domain, or a link in your message.',
    todo: 'Check the links in your message. Tell your mail administrator if it happens with other messages too.',
  },
  auth_required: {
    happened: 'The other mail system could not verify that the message really comes from your domain.',
    todo: 'Tell your mail administrator: the SPF, DKIM or DMARC settings of your domain need attention.',
  },
  content_spam: {
    happened: "The other mail system took the message's content for spam.",
    todo: 'Write it differently, with fewer links and pictures, or ask the recipient to allow your address.',
  },
  content_virus_or_attachment: {
    happened: 'The other mail system does not accept an attachment, or found a virus in the message.',
    todo: 'Check your files for viruses. Share the file in another way, for example by a link.',
  },
  too_large: {
    happened: 'The message is larger than the other mail system accepts.',
    todo: 'Send smaller attachments, several messages, or a link to the files.',
  },
  policy: {
    happened: "A rule of the recipient's mail system forbids this message.",
    todo: 'Ask the recipient in another way whether they can allow mail from you.',
  },
  protocol: {
    happened: 'The two mail systems did not understand each other: the other one refused the form of the message.',
    todo: 'Tell your mail administrator, and pass on the technical details below.',
  },
  sender_invalid: {
    happened: 'The other mail system does not accept your address as a sender.',
    todo: 'Check the address you send from. If it is right, tell your mail administrator.',
  },
  relay_denied: {
    happened: "The mail server named for the recipient's domain says that it does not handle this domain.",
    todo: 'Check the spelling of the address. If it is right, the mail settings of that domain are wrong: tell the recipient.',
  },
  expired: {
    happened: 'We tried for days, and the other mail system never took the message.',
    todo: 'Tell the recipient in another way, and send the message again later.',
  },
  unknown: {
    happened: 'The other mail system refused the message for a reason that we cannot name.',
    todo: 'Its words are below; if they do not help, ask the recipient or your mail administrator.',
  },
}
