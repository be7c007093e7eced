/** Answers a request. */
type Answering<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Promise<Response>

/**
 * Gives up an answer whose client leaves before anybody reads it: the framework then drops it without a word, and what it holds, such as
 * an open file or a share of the room, would stay. Whoever reads it gives it up himself.
 */
export const untilClientLeaves =
  <Rest extends unknown[]>(answer: Answering<Rest>): Answering<Rest> =>
  async (request, ...rest) => {
    const response = await answer(request, ...rest)
    const { signal } = request
    const leave = (): void => {
      if (response.body?.locked === false) void response.body.cancel().catch(() => undefined)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    return response
  }
