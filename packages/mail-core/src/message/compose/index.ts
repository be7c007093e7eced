export { type EditedAttachment, type EditedMessage, editMessage, type MessageChanges } from './edit.ts'
export { type ComposedAttachment, composeMessage, type ComposeTools, type MessageFields } from './message.ts'
