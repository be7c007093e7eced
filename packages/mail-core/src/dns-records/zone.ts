import { quotedTxt } from '../auth/keys.ts'
import { bareName } from './names.ts'
import type { ExpectedRecord } from './types.ts'

/** Records as a zone file of the domain (RFC 1035 §5). Those of other zones are comments, for whoever has these. */
export function zoneText(domain: string, records: readonly ExpectedRecord[]): string {
  const isInside = ({ name }: ExpectedRecord) => bareName(name) === bareName(domain) || name.endsWith(`.${domain}`)
  const others = records.filter((record) => !isInside(record))
  return [
    `$ORIGIN ${domain}.`,
    ...records.filter(isInside).map(lineOf),
    ...(others.length > 0 ? ['; In other zones:', ...others.map((record) => `; ${lineOf(record)}`)] : []),
    '',
  ].join('\n')
}

function lineOf({ name, ttl, type, value }: ExpectedRecord): string {
  return `${name}. ${ttl} IN ${type} ${type === 'TXT' ? quotedTxt(value) : value}`
}
