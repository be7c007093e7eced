/** Beginnings of month names in several languages: some programs write dates in their user's language. */
const MONTHS: readonly RegExp[] = [
  /^(?:jan|jän|ene|gen|tammi|sty|oca|янв)/,
  /^(?:feb|fév|fev|helmi|lut|şub|фев)/,
  /^(?:mar(?!ras)|mär|mrz|mrt|maa|мар)/,
  /^(?:apr|avr|abr|huhti|kwi|nis|апр)/,
  /^(?:may|mai|maj|mag|mei|touko|май|мая)/,
  /^(?:jun|juin|giu|kesä|cze|haz|июн)/,
  /^(?:jul|juil|lug|heinä|lip|tem|июл)/,
  /^(?:aug|aoû|aou|ago|elo|sie|ağu|авг)/,
  /^(?:sep|set|syys|wrz|eyl|сен)/,
  /^(?:oct|okt|out|ott|loka|paź|eki|окт)/,
  /^(?:nov|marras|lis|kas|ноя)/,
  /^(?:dec|dez|déc|dic|des|joulu|gru|ara|дек)/,
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

const CJK_NUMBERS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二']
const CJK_MONTH = /(十[一二]?|[一二三四五六七八九]|\d{1,2})\s?[月월]/g
const CJK_DATE = /(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/g

/**
 * A date without what keeps it from being read: comments and the white space that RFC 5322 §4.3 allows around colons, and dates and
 * months as Chinese, Japanese and Korean programs write them.
 */
export function plainDate(text: string): string {
  return text
    .replaceAll(/\([^()]*\)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?: ?/g, ':')
    .replaceAll(CJK_DATE, '$1-$2-$3 ')
    .replaceAll(CJK_MONTH, (_match, written: string) => {
      const month = CJK_NUMBERS.indexOf(written) + 1 || Number(written)
      return ` ${ENGLISH[month - 1] ?? ''} `
    })
}

const ENGLISH = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

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
