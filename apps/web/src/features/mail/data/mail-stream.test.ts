import { waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { FakeEventSource } from '#testing/event-source.ts'
import { FakeLocks } from '#testing/locks.ts'

import { listenToMail } from './mail-stream.ts'

const leaving: (() => void)[] = []
beforeEach(() => {
  vi.stubGlobal('EventSource', FakeEventSource)
})
afterEach(() => {
  for (const leave of leaving.splice(0)) leave()
  vi.unstubAllGlobals()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function makeTab() {
  const onChange = vi.fn<(id: string | undefined) => void>()
  const onConnected = vi.fn<(connected: boolean) => void>()
  const leave = listenToMail({ onChange, onConnected })
  leaving.push(leave)
  return { onChange, onConnected, leave }
}
const stream = () => FakeEventSource.open[0]
const change = (id: string) => stream()?.say(JSON.stringify({ mailbox_id: id }))

test('all tabs of a browser share one stream, and another tab takes over when its owner closes', async () => {
  vi.stubGlobal('navigator', { locks: new FakeLocks() })
  const [first, second, third] = [makeTab(), makeTab(), makeTab()]
  await waitFor(() => expect(FakeEventSource.open).toHaveLength(1))
  change('mbx_1')
  await waitFor(() => {
    for (const tab of [first, second, third]) expect(tab.onChange.mock.calls).toEqual([['mbx_1']])
  })
  stream()?.dispatchEvent(new Event('error'))
  await waitFor(() => expect(third.onConnected.mock.lastCall).toEqual([false]))

  first.leave()
  await waitFor(() => expect(FakeEventSource.open).toHaveLength(1))
  // The remaining tabs read what happened between the two streams.
  stream()?.dispatchEvent(new Event('open'))
  await waitFor(() => expect(third.onChange.mock.lastCall).toEqual([undefined]))
  change('mbx_2')
  await waitFor(() => expect(third.onChange.mock.lastCall).toEqual(['mbx_2']))
  expect(second.onChange.mock.lastCall).toEqual(['mbx_2'])
  expect(first.onChange.mock.lastCall).toEqual(['mbx_1'])
})

test('a tab that opens later learns that the stream is down', async () => {
  vi.stubGlobal('navigator', { locks: new FakeLocks() })
  makeTab()
  await waitFor(() => expect(FakeEventSource.open).toHaveLength(1))
  stream()?.dispatchEvent(new Event('error'))
  const late = makeTab()
  await waitFor(() => expect(late.onConnected.mock.calls).toEqual([[false]]))
})

test('without locks a hidden tab does not listen, and catches up when it becomes visible', () => {
  vi.stubGlobal('navigator', {})
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
  const show = (visible: boolean) => {
    hidden.mockReturnValue(!visible)
    document.dispatchEvent(new Event('visibilitychange'))
  }
  const tab = makeTab()
  expect(FakeEventSource.open).toHaveLength(1)
  show(false)
  expect(FakeEventSource.open).toHaveLength(0)
  show(true)
  expect(FakeEventSource.open).toHaveLength(1)
  stream()?.dispatchEvent(new Event('open'))
  expect(tab.onChange.mock.calls).toEqual([[undefined]])
})

test('what changed between loading the mail and opening the stream is read', () => {
  vi.stubGlobal('navigator', {})
  const tab = makeTab()
  expect(tab.onChange).not.toHaveBeenCalled()
  stream()?.dispatchEvent(new Event('open'))
  expect(tab.onChange.mock.calls).toEqual([[undefined]])
})

test('while the stream is down the mail is polled, and a refused stream is opened again', () => {
  vi.useFakeTimers()
  vi.stubGlobal('navigator', {})
  const tab = makeTab()
  const first = stream()
  first?.close()
  first?.dispatchEvent(new Event('error'))
  expect(tab.onConnected.mock.calls).toEqual([[false]])
  vi.advanceTimersByTime(10_000)
  expect(tab.onChange).toHaveBeenCalledTimes(1)
  expect(stream()).not.toBe(first)
  stream()?.dispatchEvent(new Event('open'))
  expect(tab.onConnected.mock.lastCall).toEqual([true])
  expect(tab.onChange).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(60_000)
  expect(tab.onChange).toHaveBeenCalledTimes(2)
})

test('an unreadable event stands for any mailbox', () => {
  vi.stubGlobal('navigator', {})
  const tab = makeTab()
  for (const data of ['no json', '"text"', '{}', '{"mailbox_id":1}']) stream()?.say(data)
  expect(tab.onChange.mock.calls).toEqual([[undefined], [undefined], [undefined], [undefined]])
})
