/** A mail server to measure. `durable` says what it has made durable before its 250. */
export interface Contender {
  name: string
  durable: string
  port: number
  start(): Promise<void>
  stop(): Promise<void>
}
