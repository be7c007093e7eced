import type { Server } from 'node:http'

export type ListenOptions = {
  port: number
  host: string
  /** Unix time in milliseconds until which a port that is in use is tried again. */
  until: number
  /** Milliseconds between two tries. */
  everyMs?: number
}

/** Listens; retries while another process, such as our predecessor, still holds the port. */
export declare function listen(server: Server, options: ListenOptions): Promise<void>
