// The expectations of a fault run, and whether they held.

/** Prints every expectation and remembers whether all held. */
export class Verdict {
  good = true

  expect(held: boolean, what: string): void {
    process.stdout.write(`${held ? 'ok  ' : 'FAIL'} ${what}\n`)
    if (!held) this.good = false
  }

  /** Expects every acknowledged message to be stored, none twice. */
  expectKept(acknowledged: ReadonlySet<string>, subjects: readonly string[]): void {
    const stored = new Set(subjects)
    const lost = [...acknowledged].filter((subject) => !stored.has(subject)).length
    this.expect(lost === 0, `${String(acknowledged.size)} acknowledged, ${String(lost)} lost`)
    const doubled = subjects.length - stored.size
    this.expect(doubled === 0, `${String(doubled)} doubled`)
  }
}
