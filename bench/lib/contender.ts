/** A mail server under measurement: starts and stops by itself and says what it had made durable at its 250. */
export interface Contender {
  name: string
  durable: string
  port: number
  start(): Promise<void>
  stop(): Promise<void>
}
