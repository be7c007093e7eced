import { z } from 'zod'
import { bindHost, port } from './kit.ts'

export const ops = z.strictObject({
  host: bindHost('127.0.0.1'),
  port: port(9464, 'Port of `/health/live`, `/health/ready` and `/metrics`; 0 lets the system choose.'),
})
