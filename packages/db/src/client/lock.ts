/** Creates a function that runs its arguments one at a time, in the order of the calls. */
export function createLock(): <T>(fn: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (fn) => {
    const run = tail.then(fn)
    tail = run.catch(() => undefined)
    return run
  }
}
