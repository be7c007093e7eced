/**
 * Listens; retries while another process, such as our predecessor, still holds the port. It removes no listener but its own: Node
 * starts the time limits for headers and requests in one of them.
 */
export function listen(server, options) {
  const { port, host, until, everyMs = 250 } = options
  return new Promise((resolve, reject) => {
    const isListening = () => {
      server.off('error', failed)
      resolve()
    }
    const failed = (error) => {
      server.off('listening', isListening)
      if (error.code !== 'EADDRINUSE' || Date.now() > until) reject(error)
      else setTimeout(() => listen(server, options).then(resolve, reject), everyMs)
    }
    server.once('listening', isListening)
    server.once('error', failed)
    server.listen(port, host)
  })
}
