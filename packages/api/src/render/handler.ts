import { tenantScope } from '@mairust/db/queries/scope'
import { BlobNotFoundError } from '@mairust/db/blob'
import { findMessage } from '@mairust/db/queries/message'
import { isId } from '@mairust/mail-core/id'
import { imageType } from '@mairust/mail-core/message'
import { resolveActor } from '../auth/resolve-actor.ts'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import type { AnswerRoom } from '../http/answer-room.ts'
import { callerOf } from '../http/caller.ts'
import { clientAddress, type RequestInfo } from '../http/client.ts'
import { newRequestId } from '../http/open-request.ts'
import { mailScope, readerOf } from '../services/message/internal.ts'
import { noteReading } from '../services/message/reading.ts'
import { readStored } from '../services/message/stored.ts'
import { imageAnswer, plainAnswer } from './answers.ts'
import { frameAnswer, frameDocument, type FrameLanguage, type FrameNotice } from './frame.ts'
import { firstBytes } from './part.ts'
import { GRANT_MS, verifyTarget } from './signature.ts'

const BODY = /^\/m\/([^/]+)\/body$/
const PART = /^\/m\/([^/]+)\/cid\/(\d{1,4})$/

export type RenderOptions = { runtime: Runtime; answers: AnswerRoom }
type FrameOptions = { themed?: boolean; retryAfter?: number | undefined }

/**
 * Makes the handler of `/m/{message_id}/body[?images=1&lang=ja]`, the document in the frame of a message, and of
 * `/m/{message_id}/cid/{n}?sig=`, an image in it.
 */
export function createRenderHandler({ runtime, answers }: RenderOptions) {
  const { renderer } = runtime

  return async (request: Request, info?: RequestInfo): Promise<Response> => {
    const url = new URL(request.url)
    const [, bodyOf] = BODY.exec(url.pathname) ?? []
    if (bodyOf !== undefined) return body(request, info, bodyOf, url.searchParams)
    const [, partOf, index] = PART.exec(url.pathname) ?? []
    if (partOf !== undefined) return part(request, partOf, Number(index), url.searchParams.get('sig') ?? '')
    return plainAnswer(404, 'There is nothing at this address.')
  }

  async function body(
    request: Request,
    info: RequestInfo | undefined,
    messageId: string,
    query: URLSearchParams,
  ): Promise<Response> {
    const language = languageOf(query.get('lang'), request.headers.get('accept-language'))
    const hosts = hostsOf(request, runtime.config.server.public_url)
    const answer = (status: number, html: string | null, notice: FrameNotice | null, more: FrameOptions = {}) =>
      frameAnswer(status, frameDocument(html, { notice, language, themed: more.themed ?? true }), { hosts, ...more })

    const ip = clientAddress(request, info, runtime.config.web.trusted_proxies)
    const actor = await resolveActor(runtime, {
      authorization: null,
      cookie: request.headers.get('cookie'),
      ip,
    })
    if (!actor?.permissions.has('message:read')) return answer(401, null, 'signed_out')
    const row = isId(messageId, 'msg') ? await findMessage(runtime.db, mailScope({ actor }), messageId) : null
    if (row === null) return answer(404, null, 'not_found')
    await noteReading(runtime.db, { actor, now: runtime.now, ip, requestId: newRequestId() }, [row.mailboxId])
    try {
      const view = await readStored(runtime, row, () =>
        renderer.show(row, {
          key: runtime.keys.derive('render-signature'),
          grant: {
            ...readerOf({ actor }),
            messageId: row.id,
            expires: new Date(runtime.now().getTime() + GRANT_MS),
          },
          remoteImages: query.get('images') === '1',
          textAsHtml: true,
        }),
      )
      if (view === null) return answer(200, null, 'unparsed')
      const { opened, shown } = view
      const unparsed = opened.parseError === null ? null : 'unparsed'
      const notice = shown.fallback ?? unparsed ?? (shown.html === null ? 'empty' : null)
      const themed = opened.html === null || shown.fallback !== null
      return await answers.run(callerOf(actor, ip), request, () =>
        Promise.resolve(answer(200, shown.html, notice, { themed })),
      )
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code === 'NOT_FOUND') return answer(404, null, 'not_found')
      const notice = error.cause instanceof BlobNotFoundError ? 'lost' : 'busy'
      return answer(error.status, null, notice, { retryAfter: error.retryAfter })
    }
  }

  async function part({ signal }: Request, messageId: string, index: number, sig: string): Promise<Response> {
    const grant = verifyTarget(runtime.keys.derive('render-signature'), sig, { kind: 'cid', index }, runtime.now())
    if (grant?.messageId !== messageId) return plainAnswer(403, 'This link is invalid or has expired.')
    const row = await findMessage(runtime.db, { ...tenantScope(grant.tenantId), mailboxIds: 'all' }, messageId)
    try {
      const found = row && (await readStored(runtime, row, () => renderer.part(row, index, grant)))
      if (!found) return plainAnswer(404, 'There is no such picture.')
      const content = await readStored(runtime, row, () => found.content(undefined, signal))
      const type = imageType(await firstBytes(content))
      if (type !== null) return imageAnswer(content, { type, size: found.size, cacheControl: 'private, max-age=3600' })
      content.destroy()
      return plainAnswer(404, 'There is no such picture.')
    } catch (error) {
      if (error instanceof AppError) return plainAnswer(error.status, error.message, error.retryAfter)
      throw error
    }
  }
}

function languageOf(asked: string | null, accepted: string | null): FrameLanguage {
  return (asked ?? accepted ?? '').toLowerCase().startsWith('ja') ? 'ja' : 'en'
}

/**
 * The hosts that the images of a frame may come from: the public one, and that of the request if it is valid in a policy. Behind
 * a proxy that rewrites Host, only the public one is the host that the browser uses.
 */
function hostsOf(request: Request, publicUrl: string): string[] {
  const host = request.headers.get('host') ?? ''
  const asked = /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i.test(host) ? [host] : []
  return [...new Set([new URL(publicUrl).host, ...asked])]
}
