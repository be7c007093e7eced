import type { DeliveryDetailWire } from '@mairust/api/services'

/** A delivery and its attempts, for people. */
export function deliveryText(delivery: DeliveryDetailWire): string {
  const { id, state, sender, recipient, journey_id: journey, next_attempt_at: next, history } = delivery
  const facts: [string, string | null][] = [
    ['state', state],
    ['from', sender === '' ? '<>' : sender],
    ['to', recipient],
    ['journey', journey],
    ['message-id', delivery.message_id],
    ['queued', delivery.created_at],
    ['next attempt', next],
    ['given up', delivery.expires_at],
    ['reason', delivery.reason],
    ['last reply', delivery.last_reply],
  ]
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(13)}${value}`]))
  return [id, ...lines, ...history.flatMap(attemptLines)].join('\n')
}

function attemptLines({
  number,
  started_at: at,
  result,
  host,
  address,
  tls,
  reply,
  conversation,
}: DeliveryDetailWire['history'][number]): string[] {
  const server = host === null ? '' : ` ${host}${address === null ? '' : ` [${address}]`} ${tls ?? 'without TLS'}`
  const said = (conversation ?? '').split('\n').filter((line) => line !== '')
  return [
    `attempt ${number}  ${at}  ${result ?? 'no result'}${server}`,
    ...(reply === null ? [] : [`  ${reply}`]),
    ...said.map((line) => `    ${line}`),
  ]
}
