/** An event stream that the test writes to. */
export class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2
  static open: FakeEventSource[] = []
  readyState = 0

  constructor() {
    super()
    FakeEventSource.open.push(this)
  }

  say(data: string): void {
    this.dispatchEvent(new MessageEvent('mailbox', { data }))
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED
    FakeEventSource.open = FakeEventSource.open.filter((source) => source !== this)
  }
}
