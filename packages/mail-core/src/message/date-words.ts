/** Beginnings of month names in several languages: some programs write dates in the system's locale. */
const MONTHS: readonly RegExp[] = [
  /^(?:jan|jän|ene|gen|янв)/,
  /^(?:feb|fév|fev|фев)/,
  /^(?:mar|mär|mrz|мар)/,
  /^(?:apr|avr|abr|апр)/,
  /^(?:may|mai|mag|mei|май|мая)/,
  /^(?:jun|juin|giu|июн)/,
  /^(?:jul|juil|lug|июл)/,
  /^(?:aug|aoû|aou|ago|авг)/,
  /^(?:sep|set|сен)/,
  /^(?:oct|okt|out|ott|окт)/,
  /^(?:nov|ноя)/,
  /^(?:dec|dez|déc|dic|дек)/,
]

/** Zone names in minutes east of UTC: those of RFC 5322 §4.3 and others that mailers write. CST is North American. */
const ZONES = new Map<string, number>([
  ...zones(-480, 'pst akdt'),
  ...zones(-420, 'mst pdt'),
  ...zones(-360, 'cst mdt'),
  ...zones(-300, 'est cdt'),
  ...zones(-240, 'edt ast'),
  ...zones(-210, 'nst'),
  ...zones(-180, 'adt brt art'),
  ...zones(-150, 'ndt'),
  ...zones(-540, 'akst'),
  ...zones(-600, 'hst'),
  ...zones(60, 'cet mez bst met wat west'),
  ...zones(120, 'cest mesz mest eet sast cat'),
  ...zones(180, 'eest msk'),
  ...zones(330, 'ist'),
  ...zones(420, 'wib ict'),
  ...zones(480, 'hkt sgt awst pht myt'),
  ...zones(540, 'jst kst'),
  ...zones(570, 'acst'),
  ...zones(600, 'aest'),
  ...zones(630, 'acdt'),
  ...zones(660, 'aedt'),
  ...zones(720, 'nzst'),
  ...zones(780, 'nzdt'),
])
/** No time zone is further from UTC. */
const MAX_MINUTES = 14 * 60

function zones(minutes: number, names: string): [string, number][] {
  return names.split(' ').map((name) => [name, minutes])
}

/** The month with this name, from 0; -1 for another word. */
export function monthOf(name: string): number {
  const lower = name.toLowerCase()
  return MONTHS.findIndex((month) => month.test(lower))
}

/**
 * The zone at the beginning of a text, in minutes east: `+0100`, `+01:00`, `+1`, `GMT +0100`, `(UTC+01:00)`, `EST`, `EST5EDT`,
 * `Pacific Daylight Time`. 0 for an unknown one.
 */
export function zoneMinutes(text: string): number {
  const plain = text.replaceAll(/[()"[\]]/g, ' ')
  const numeric = /^\s*(?:(?:gmt|utc|ut|z)\s*)?([+-])\s?(\d{1,2}?):?(\d{2})?(?!\d)/i.exec(plain)
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0)
    if (minutes <= MAX_MINUTES) return numeric[1] === '-' ? -minutes : minutes
    return 0
  }
  const words = /^\s*([a-z]+)(?:\s+([a-z]+)\s+([a-z]+))?/i.exec(plain)
  const [, first = '', second = '', third = ''] = words ?? []
  const initials = `${first.charAt(0)}${second.charAt(0)}${third.charAt(0)}`
  return ZONES.get(first.toLowerCase()) ?? (third === '' ? 0 : (ZONES.get(initials.toLowerCase()) ?? 0))
}
