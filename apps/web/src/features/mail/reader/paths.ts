/** URL of the exact bytes of a message. */
export const rawPath = (id: string): string => `/api/v1/messages/${id}/raw`

/** URL of an attachment as a download. */
export const attachmentPath = (id: string, index: number): string =>
  `/api/v1/messages/${id}/attachments/${String(index)}`
