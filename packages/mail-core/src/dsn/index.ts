/** Delivery status notifications that we send: whether to (`decideDsn`), their text (`composeDsn`), and requests passed on. */
export { composeDsn, languageOf } from './compose.ts'
export { decideDsn, type DsnDecision, type DsnEvent, type DsnQuestion, type DsnSilence } from './decide.ts'
export { headerText } from './encode.ts'
export { dsnMailParams, dsnRcptParams } from './params.ts'
export type { Dsn, DsnAction, DsnRecipient, DsnReport, DsnTools } from './types.ts'
