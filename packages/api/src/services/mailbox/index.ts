export { beginImport } from './begin-import.ts'
export { createMailbox } from './create.ts'
export { getMailbox } from './get.ts'
export { listMailboxes } from './list.ts'
export { removeMailbox } from './remove.ts'
export {
  createMailboxInput,
  listMailboxesInput,
  mailboxIdInput,
  mailboxSchema,
  updateMailboxInput,
  type MailboxWire,
} from './schemas.ts'
export { updateMailbox } from './update.ts'
