/**
 * Decodes as much as is certain of the bytes at hand.
 *
 * @param bytes what the step before left, and more
 * @param phase what it said of the text before, 0 at the beginning
 * @param isLast whether nothing follows, so that all is certain
 * @returns the decoded bytes, and what must precede the following ones: at most some 1,000 bytes, whatever the input
 */
export type Step = (bytes: Buffer, phase: number, isLast: boolean) => { out: Buffer; rest: Buffer; phase: number }
